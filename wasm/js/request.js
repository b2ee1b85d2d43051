// Packs a raw HTTP request into the exchange buffer, in the encoding of `core/src/facade/packed.rs`
// (version 2): a head of 24 bytes, the lengths of the pieces of text, the text, the body.
//
// Header bytes reach JavaScript as Latin-1, one character a byte of the wire, and go back as that byte.

import { bytes, instant, object, text } from './arguments.js'
import { call, left, room } from './engine.js'
import { failure, invalidArgument } from './errors.js'

const VERSION = 2
const HEAD = 24
const SECURE = 1
const BODY = 2
const TAGS = 4
const MAX_PIECES = 0xffff
const MAX_TEXT = 256 * 1024
const TWO_TO_32 = 0x100000000
const NO_BODY = new Uint8Array(0)
const NOT_ASCII = /[^\x00-\x7f]/

const encoder = new TextEncoder()
let turn = 0
// Room for as many lengths, so that the text of all but odd requests begins at the same place.
const LENGTHS = 64
const TEXT = HEAD + 4 * LENGTHS
/** The buffer that was packed last, its numbers, and the usual place of its text. */
let packed, numbers, usual

/** Packs a request and calls the module with its length. */
export function sendRequest(ask, request, facts) {
  const length = pack(request, facts)
  return call(() => ask(length))
}

/** The same for an answer about a signature: with it comes the body, if more is announced of it than its payload. */
export function sendForBody(ask, request, facts) {
  const length = pack(request, facts)
  return call((raw) => [ask(length), raw.takeBody?.()])
}

/** Packs a request and asks a verifier, whose answer is left in the buffer. Below zero it is a refusal. */
export function sendForRecord(verifier, request, facts) {
  const length = pack(request, facts)
  return call((raw) => {
    const answer = verifier.verify(length)
    if (answer < 0) throw verifier.refusal()
    const body = raw.takeBody?.()
    return body === undefined ? left(answer) : [left(answer), body]
  })
}

/**
 * Packs a request and returns its length in the buffer. The request is a plain object or a server's
 * `http.IncomingMessage`; what `facts` has goes before what the request says.
 */
function pack(request, facts) {
  object('the request', request)
  const known = facts === undefined ? sourceOf(request) : { ...sourceOf(request), ...object('the facts', facts) }
  const { secure = false, objectTags, body } = known
  if (typeof secure !== 'boolean') throw invalidArgument('secure must be a boolean')
  const headers = request.rawHeaders === undefined ? flat('headers', request.headers ?? []) : turns(request.rawHeaders)
  const tags = objectTags === undefined ? [] : flat('objectTags', objectTags)
  const { method } = request
  const url = request.originalUrl ?? request.url
  const pieces = [text('method', method), text('url', url), peer(known.remoteAddress), utf8('requestId', known.requestId ?? '')]
  const mine = ++turn
  for (let i = 0; i < headers.length; i++) pieces.push(text('a header', headers[i]))
  for (const piece of tags) pieces.push(utf8('a tag', piece))
  // A list that answers with code of its own could change what was packed already.
  if (mine !== turn) throw invalidArgument('rawHeaders must be a plain list')
  if (pieces.length > MAX_PIECES) throw failure('malformed-packed-request', 'the request has too many headers or tags')
  let all = ''
  for (let i = 0; i < pieces.length; i++) all += pieces[i]
  if (all.length > MAX_TEXT) throw failure('malformed-packed-request', `the request is longer than ${MAX_TEXT} bytes without its body`)
  const content = body === undefined || body === null ? NO_BODY : bytes('body', body)
  const now = known.now === undefined ? Date.now() : instant('now', known.now)
  const flags = (secure ? SECURE : 0) | (content === NO_BODY ? 0 : BODY) | (objectTags === undefined ? 0 : TAGS)
  const lengths = Math.max(pieces.length, LENGTHS)
  const start = HEAD + 4 * lengths
  const end = start + all.length
  const buffer = room(end + content.length)
  const head = numbersOf(buffer)
  writeHead(head, flags, headers.length / 2, tags.length / 2, now, all.length, content.length)
  head.setUint16(6, lengths, true)
  for (let i = 0; i < pieces.length; i++) head.setUint32(HEAD + 4 * i, pieces[i].length, true)
  writeLatin1(start === TEXT ? usual : buffer.subarray(start), all)
  if (content !== NO_BODY) buffer.set(content, end)
  return end + content.length
}

/** The numbers of the buffer, which is nearly always the one of the last call. */
function numbersOf(buffer) {
  if (buffer !== packed) {
    packed = buffer
    numbers = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
    usual = buffer.subarray(TEXT)
  }
  return numbers
}

/** Where the connection's properties stand: a message of `node:http` has them in its socket. */
function sourceOf(request) {
  const { socket } = request
  if (socket === undefined || socket === null) return request
  return {
    remoteAddress: socket.remoteAddress,
    secure: socket.encrypted === true,
    body: request.body instanceof Uint8Array ? request.body : undefined,
  }
}

function writeHead(head, flags, headers, tags, now, textBytes, bodyBytes) {
  const high = Math.floor(now / TWO_TO_32)
  head.setUint8(0, VERSION)
  head.setUint8(1, flags)
  head.setUint16(2, headers, true)
  head.setUint16(4, tags, true)
  head.setUint32(8, now - high * TWO_TO_32, true)
  head.setInt32(12, high, true)
  head.setUint32(16, textBytes, true)
  head.setUint32(20, bodyBytes, true)
}

function writeLatin1(place, all) {
  const { read, written } = encoder.encodeInto(all, place)
  if (read === all.length && written === all.length) return
  for (let i = 0; i < all.length; i++) {
    const unit = all.charCodeAt(i)
    if (unit > 0xff) throw invalidArgument('the request has a character that an HTTP message cannot carry')
    place[i] = unit
  }
}

/** Names and values by turns, as `rawHeaders` of `node:http` has them, without HTTP/2's request line. */
function turns(lines) {
  if (!Array.isArray(lines) || lines.length % 2 !== 0) {
    throw invalidArgument('rawHeaders must be a list of names and values by turns')
  }
  if (!(typeof lines[0] === 'string' && lines[0].startsWith(':'))) return lines
  const out = []
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] === ':authority' ? 'host' : lines[i]
    if (!String(name).startsWith(':')) out.push(name, lines[i + 1])
  }
  return out
}

/** Names and values by turns, from pairs (a list, a `Map`, a `Headers`) or an object, in which a value may be a list. */
function flat(name, given) {
  const out = []
  if (typeof object(name, given)[Symbol.iterator] === 'function') {
    for (const pair of given) {
      if (!Array.isArray(pair) || pair.length !== 2) throw invalidArgument(`${name} must be a list of pairs`)
      out.push(pair[0], pair[1])
    }
    return out
  }
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) out.push(key, one)
  }
  return out
}

/** The peer's address, without the interface that Node writes behind a link-local one (`fe80::1%eth0`). */
function peer(address) {
  if (address === undefined || address === null) return ''
  const zone = text('remoteAddress', address).indexOf('%')
  return zone < 0 ? address : address.slice(0, zone)
}

/** Text that is not from the wire: one character for each byte of its UTF-8. */
function utf8(name, value) {
  if (!NOT_ASCII.test(text(name, value))) return value
  return Array.from(encoder.encode(value), (byte) => String.fromCharCode(byte)).join('')
}
