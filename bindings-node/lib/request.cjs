'use strict'
// Packs a raw HTTP request into one buffer, because every value that crosses into native code on its
// own costs more than all of this. The encoding is the core's packed request, version 2: a head of 24
// bytes, the lengths of the pieces of text, the text.
//
// Header bytes reach JavaScript as Latin-1: each character is one byte of the wire, and goes back
// into the buffer as that byte. From where packing begins to the native call nothing of the user's
// runs (a list that answers with code of its own is refused), so one buffer serves every call.

const { bytes, instant } = require('./arguments.cjs')
const { failure, fromNative, invalidArgument } = require('./errors.cjs')

const VERSION = 2
const HEAD = 24
const SECURE = 1
const TAGS = 4
// Room for as many lengths, so that the text of all but odd requests begins at the same place.
const LENGTHS = 64
const MAX_TEXT = 256 * 1024
const MAX_PIECES = 0xffff
// Method, target, peer, request id.
const FIXED = 4
const TWO_TO_32 = 0x100000000

const NOT_LATIN1 = /[^\x00-\xff]/
const NOT_ASCII = /[^\x00-\x7f]/
const COLON = 0x3a
const NOTHING = Object.freeze({})

const encoder = new TextEncoder()
// The buffer as it is handed over, as numbers, and its part for the text.
let buffer, head, room
let turn = 0
allocate(16 * 1024, LENGTHS)
/** The buffer of nearly every call. Another takes its place once a request was too large for it. */
const firstBuffer = buffer

function allocate(textBytes, lengths) {
  const textStart = HEAD + 4 * lengths
  buffer = Buffer.alloc(textStart + textBytes)
  head = new DataView(buffer.buffer, buffer.byteOffset, textStart)
  head.setUint8(0, VERSION)
  head.setUint16(6, lengths, true)
  room = buffer.subarray(textStart)
}

/** Hands a request to a native function, as `call(buffer)` or `call(buffer, body)`. The request is an
 * `http.IncomingMessage` or a plain object; what `facts` has goes before what the request says. */
function sendRequest(call, request, facts) {
  const body = packRequest(request, facts)
  try {
    return body === undefined ? call(buffer) : call(buffer, body)
  } catch (thrown) {
    throw fromNative(thrown)
  }
}

/** The same for a native function that was made with `firstBuffer`, and reads that where it is given none: an argument
 * costs 50 ns. */
function sendToHolder(call, request, facts) {
  const body = packRequest(request, facts)
  try {
    return body === undefined && buffer === firstBuffer ? call() : call(buffer, body)
  } catch (thrown) {
    throw fromNative(thrown)
  }
}

/** Packs a request of either kind. Returns the body. */
function packRequest(request, facts) {
  if (request === null || typeof request !== 'object') throw invalidArgument('the request must be an object')
  if (facts !== undefined && (facts === null || typeof facts !== 'object')) {
    throw invalidArgument('the facts must be an object')
  }
  return request.socket === undefined || request.socket === null
    ? packParts(request, facts === undefined ? request : { ...request, ...facts })
    : packMessage(request, facts ?? NOTHING)
}

/** An `http.IncomingMessage`: the connection says who the peer is, and `originalUrl` what the target
 * was before a router shortened it. Returns the body. */
function packMessage(message, facts) {
  const { socket } = message
  const peer = facts.remoteAddress ?? socket.remoteAddress
  const secure = facts.secure ?? socket.encrypted === true
  const body = facts.body ?? (message.body instanceof Uint8Array ? message.body : undefined)
  const content = body === undefined ? undefined : bytes('body', body)
  pack(message, message.originalUrl ?? message.url, peer, secure, facts)
  return content
}

/** A request in its parts. Returns the body. */
function packParts(request, parts) {
  const { body, remoteAddress, secure = false } = parts
  const content = body === undefined || body === null ? undefined : bytes('body', body)
  pack(request, request.url, remoteAddress, secure, parts)
  return content
}

function pack({ method, rawHeaders, headers }, url, peer, secure, { requestId, objectTags, now }) {
  if (typeof method !== 'string' || typeof url !== 'string') {
    throw invalidArgument('method and url must be strings')
  }
  if (typeof secure !== 'boolean') throw invalidArgument('secure must be a boolean')
  const lines = rawHeaders === undefined ? flat('headers', headers ?? []) : raw(rawHeaders)
  const tags = objectTags === undefined ? undefined : flat('objectTags', objectTags)
  const id = requestId === undefined || requestId === null ? '' : checked('requestId', requestId)
  const from = address(peer)
  const millis = now === undefined ? Date.now() : instant('now', now)
  const pieces = FIXED + lines.length + (tags === undefined ? 0 : tags.length)
  if (pieces > MAX_PIECES) throw tooLong()
  if (HEAD + 4 * pieces > head.byteLength) allocate(room.length, Math.min(2 * pieces, MAX_PIECES))

  const mine = ++turn
  const text = gather(method, url, from, id, lines, tags)
  if (mine !== turn) throw invalidArgument('rawHeaders must be a plain list')
  const high = Math.floor(millis / TWO_TO_32)
  head.setUint8(1, (secure ? SECURE : 0) | (tags === undefined ? 0 : TAGS))
  head.setUint16(2, lines.length / 2, true)
  head.setUint16(4, tags === undefined ? 0 : tags.length / 2, true)
  head.setUint32(8, millis - high * TWO_TO_32, true)
  head.setInt32(12, high, true)
  if (!writeAscii(text)) writeLatin1(gather(method, url, from, utf8(id), lines, tags?.map(utf8)))
}

/** All pieces as one text, which is put together when it is written; their lengths go into the head. */
function gather(method, url, from, id, lines, tags) {
  head.setUint32(HEAD, method.length, true)
  head.setUint32(HEAD + 4, url.length, true)
  head.setUint32(HEAD + 8, from.length, true)
  head.setUint32(HEAD + 12, id.length, true)
  let text = method + url + from + id
  let at = HEAD + 4 * FIXED
  for (let i = 0; i < lines.length; i++, at += 4) {
    const piece = lines[i]
    if (typeof piece !== 'string') throw invalidArgument('names and values of headers must be strings')
    head.setUint32(at, piece.length, true)
    text += piece
  }
  if (tags === undefined) return text
  for (let i = 0; i < tags.length; i++, at += 4) {
    const piece = checked('a tag', tags[i])
    head.setUint32(at, piece.length, true)
    text += piece
  }
  return text
}

/** Writes text that is all ASCII, as that of nearly every request is, and says whether it was: then it
 * has as many bytes as characters. */
function writeAscii(text) {
  makeRoom(text)
  const { read, written } = encoder.encodeInto(text, room)
  return read === text.length && written === text.length
}

function writeLatin1(text) {
  if (NOT_LATIN1.test(text)) {
    throw invalidArgument('the request has a character that an HTTP message cannot carry')
  }
  makeRoom(text)
  room.latin1Write(text)
}

function makeRoom(text) {
  if (text.length > MAX_TEXT) throw tooLong()
  if (room.length < text.length) grow()
  head.setUint32(16, text.length, true)
}

/** Makes room for the longest text, and keeps the head and the lengths, which are written already. */
function grow() {
  const before = head
  allocate(MAX_TEXT, (before.byteLength - HEAD) / 4)
  for (let at = 0; at < before.byteLength; at += 4) head.setUint32(at, before.getUint32(at, true), true)
}

function tooLong() {
  return failure('malformed-packed-request', `the request is longer than ${MAX_TEXT} bytes without its body`)
}

/** Names and values of header lines by turns, as `http.IncomingMessage` has them. */
function raw(lines) {
  if (!Array.isArray(lines) || lines.length % 2 !== 0) {
    throw invalidArgument('rawHeaders must be a list of names and values by turns')
  }
  const first = lines[0]
  return typeof first === 'string' && first.charCodeAt(0) === COLON ? withoutPseudoHeaders(lines) : lines
}

/** HTTP/2 sends the request line and Host as fields that begin with a colon, before all others. */
function withoutPseudoHeaders(lines) {
  const out = []
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] === ':authority' ? 'host' : lines[i]
    if (!String(name).startsWith(':')) out.push(name, lines[i + 1])
  }
  return out
}

/** Names and values by turns, from pairs (a list, a `Map`, a `Headers`) or an object, in which the
 * value may be a list of values. */
function flat(name, given) {
  if (given === null || typeof given !== 'object') {
    throw invalidArgument(`${name} must be an object or a list of pairs`)
  }
  const out = []
  if (typeof given[Symbol.iterator] === 'function') {
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

/** The peer's address. Node writes the interface behind a link-local one (`fe80::1%eth0`). */
function address(peer) {
  if (peer === undefined || peer === null) return ''
  if (typeof peer !== 'string') throw invalidArgument('remoteAddress must be a string')
  const zone = peer.indexOf('%')
  return zone < 0 ? peer : peer.slice(0, zone)
}

/** Text that is not from the wire, as the Latin-1 text whose bytes are its UTF-8. */
function utf8(text) {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').latin1Slice() : text
}

function checked(name, value) {
  if (typeof value !== 'string') throw invalidArgument(`${name} must be a string`)
  return value
}

module.exports = { firstBuffer, sendRequest, sendToHolder }
