import { room } from './engine.js'
import { invalidArgument } from './errors.js'

// The packed request of `core/src/facade/packed.rs`, version 1.
const VERSION = 1
const HEAD_BYTES = 24
const SECURE = 1
const BODY = 2
const TAGS = 4
const TWO_TO_32 = 4294967296

const encoder = new TextEncoder()

/** Packs a raw request into the exchange buffer and returns how many bytes it took. */
export function pack(request) {
  const { method, target, headers, peer = '', secure = false, body, objectTags, requestId = '', now } = request
  let text = `${string(method, 'method')}\n${string(target, 'target')}\n${string(peer, 'peer')}\n${utf8(requestId, 'requestId')}`
  let headerPieces = 0
  for (const piece of pieces(headers ?? [], 'headers')) {
    text += `\n${string(piece, 'a header')}`
    headerPieces++
  }
  let tagPieces = 0
  for (const piece of pieces(objectTags ?? [], 'objectTags')) {
    text += `\n${utf8(piece, 'an object tag')}`
    tagPieces++
  }
  if (headerPieces > 131070 || tagPieces > 131070) throw invalidArgument('too many headers or object tags')
  const content = bodyBytes(body)
  const buffer = room(HEAD_BYTES + text.length + content.length)
  const flags = (secure ? SECURE : 0) | (body == null ? 0 : BODY) | (objectTags == null ? 0 : TAGS)
  writeHead(buffer, flags, headerPieces / 2, tagPieces / 2, millis(now), text.length, content.length)
  writeLatin1(buffer, text)
  buffer.set(content, HEAD_BYTES + text.length)
  return HEAD_BYTES + text.length + content.length
}

function writeHead(buffer, flags, headers, tags, now, textBytes, bodyBytes) {
  const head = new DataView(buffer.buffer, buffer.byteOffset, HEAD_BYTES)
  head.setUint8(0, VERSION)
  head.setUint8(1, flags)
  head.setUint16(2, headers, true)
  head.setUint16(4, tags, true)
  head.setUint16(6, 0, true)
  head.setUint32(8, now >>> 0, true)
  head.setInt32(12, Math.floor(now / TWO_TO_32), true)
  head.setUint32(16, textBytes, true)
  head.setUint32(20, bodyBytes, true)
}

/** One byte a character, which restores the bytes that a server or `fetch` decoded as latin1. */
function writeLatin1(buffer, text) {
  const place = buffer.subarray(HEAD_BYTES, HEAD_BYTES + text.length)
  const { read, written } = encoder.encodeInto(text, place)
  if (read === text.length && written === text.length) return
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0xff) {
      throw invalidArgument('method, target and headers hold one character for each byte on the wire, at most U+00FF')
    }
    place[i] = unit
  }
}

/** Names and values in turn, from such a list, from pairs (an array, `Headers`, a `Map`) or from an object. */
function* pieces(list, what) {
  if (Array.isArray(list) && (list.length === 0 || typeof list[0] === 'string')) {
    if (list.length % 2 === 1) throw invalidArgument(`${what}: a name has no value`)
    yield* list
  } else if (typeof list?.[Symbol.iterator] === 'function' && typeof list !== 'string') {
    for (const pair of list) {
      if (!Array.isArray(pair) || pair.length !== 2) throw invalidArgument(`${what} must be pairs of name and value`)
      yield* pair
    }
  } else if (list !== null && typeof list === 'object') {
    for (const [name, value] of Object.entries(list)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        yield name
        yield one
      }
    }
  } else {
    throw invalidArgument(`${what} must be a list, pairs or an object`)
  }
}

function string(value, name) {
  if (typeof value !== 'string') throw invalidArgument(`${name} must be a string`)
  return value
}

/** Text whose UTF-8 bytes are wanted, with one character for each of them. */
function utf8(value, name) {
  string(value, name)
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(value)) return value
  let bytes = ''
  for (const byte of encoder.encode(value)) bytes += String.fromCharCode(byte)
  return bytes
}

function bodyBytes(body) {
  if (body == null) return new Uint8Array(0)
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return encoder.encode(body)
  throw invalidArgument('body must be a Uint8Array or a string')
}

/** A time as whole milliseconds since 1970. */
export function millis(time) {
  const value = time === undefined ? Date.now() : Number(time)
  if (!Number.isFinite(value) || Math.abs(value) > 8.64e15) throw invalidArgument('a time must be a Date or milliseconds since 1970')
  return Math.floor(value)
}
