'use strict'
// Signing: the other side of verification.

const { bytes, instant, object, options, text } = require('./arguments.cjs')
const { frozen } = require('./asked.cjs')
const { complete } = require('./engine.cjs')
const { invalidArgument } = require('./errors.cjs')
const { guarded, send } = require('./packed.cjs')
const { sendRequest } = require('./request.cjs')

const CREDENTIALS = { accessKey: 'string', secretKey: 'string', sessionToken: 'string' }
const OPTIONS = { region: 'string', service: 'string', algorithm: 'string', regionSet: 'string' }
const HOW = { payload: 'string' }
const DRAFT = { bucket: 'string', key: 'string', keyPrefix: 'string', conditions: 'list', expiration: 'any', now: 'any' }
const CONDITION = { field: 'string', equals: 'string', startsWith: 'string', contentLength: 'list' }
const LENGTH = { kind: 'string', dataBytes: 'any', chunkBytes: 'any', trailers: 'any' }

/** Signs requests with SigV4 or SigV4A, bodies in chunks, and policies of browser forms. */
class Signer {
  #native

  constructor(credentials, choices) {
    const { accessKey, secretKey, sessionToken } = options(object('the credentials', credentials), CREDENTIALS)
    const { region = 'us-east-1', service = 's3', algorithm = 'sigv4', regionSet } = options(choices, OPTIONS)
    text('accessKey', accessKey)
    text('secretKey', secretKey)
    const isV4a = algorithm === 'sigv4a'
    if (!isV4a && algorithm !== 'sigv4') throw invalidArgument('algorithm must be "sigv4" or "sigv4a"')
    if (isV4a !== (regionSet !== undefined)) throw invalidArgument('regionSet goes with the algorithm "sigv4a"')
    const native = complete('signing')
    this.#native = guarded(() => new native.Signer(accessKey, secretKey, sessionToken, region, service, regionSet))
  }

  /** The headers that sign a request. */
  sign(request, how) {
    const { payload = 'body' } = options(how, HOW)
    return pairs(sendRequest((...packed) => this.#native.sign(payload, ...packed), request))
  }

  /** The target of a request that is signed in its query. */
  presign(request, expiresSeconds) {
    if (!Number.isInteger(expiresSeconds) || expiresSeconds < 0 || expiresSeconds > 0xffffffff) {
      throw invalidArgument('expiresSeconds must be a whole number')
    }
    return sendRequest((...packed) => this.#native.presign(expiresSeconds, ...packed), request)
  }

  /** The headers that sign a request whose body is sent in chunks, and what makes the body. */
  signChunks(request, kind) {
    text('kind', kind)
    const chunks = sendRequest((...packed) => this.#native.signChunks(kind, ...packed), request)
    return { headers: pairs(guarded(() => chunks.headers())), chunks: new ChunkSigner(KEY, chunks) }
  }

  /** How long a body in chunks becomes. */
  encodedLength(given) {
    const { kind, dataBytes, chunkBytes, trailers = {} } = options(object('the lengths', given), LENGTH)
    const [data, chunk] = [count('dataBytes', dataBytes), count('chunkBytes', chunkBytes)]
    const pieces = Object.entries(object('trailers', trailers)).flatMap(([name, length]) => [
      name,
      String(count(`the length of ${name}`, length)),
    ])
    text('kind', kind)
    return send(pieces, (...lengths) => this.#native.encodedLength(kind, data, chunk, ...lengths))
  }

  /** The fields of a form whose policy is signed. */
  postPolicy(draft) {
    const { bucket, key, keyPrefix, conditions = [], expiration, now } = options(object('the draft', draft), DRAFT)
    if ((key === undefined) === (keyPrefix === undefined)) throw invalidArgument('give either key or keyPrefix')
    const millis = now === undefined ? Date.now() : instant('now', now)
    const pieces = [
      text('bucket', bucket),
      key === undefined ? 'prefix' : 'exact',
      key ?? keyPrefix,
      String(instant('expiration', expiration)),
      ...Array.from(conditions).flatMap(condition),
    ]
    return pairs(send(pieces, (...draft) => this.#native.postPolicy(millis, ...draft)))
  }
}

/** Held by this module alone, so that nothing else makes one. */
const KEY = Symbol('chunks')

/** Writes a body in chunks. */
class ChunkSigner {
  #native

  /** Made by `signChunks` alone. */
  constructor(key, native) {
    if (key !== KEY) throw invalidArgument('a ChunkSigner is made by signChunks')
    this.#native = native
  }

  /** One chunk of these bytes; none for no bytes. */
  encode(data) {
    const given = bytes('the data', data)
    return guarded(() => this.#native.encode(given))
  }

  /** The end of the body, with its trailers. */
  finish(trailers = {}) {
    const pieces = Object.entries(object('trailers', trailers)).flatMap(([name, value]) => [name, text(name, value)])
    return send(pieces, (...lines) => this.#native.finish(...lines))
  }
}

/** A condition as its kind and two texts. */
function condition(given) {
  const { field, equals, startsWith, contentLength } = options(object('a condition', given), CONDITION)
  if (contentLength !== undefined) {
    const isRange = contentLength.length === 2 && field === undefined && equals === undefined && startsWith === undefined
    if (!isRange) throw invalidArgument('contentLength is the least and the most, and stands for itself')
    return ['contentLength', ...contentLength.map((bytes) => String(count('contentLength', bytes)))]
  }
  if ((equals === undefined) === (startsWith === undefined)) {
    throw invalidArgument('a condition has either equals or startsWith')
  }
  const kind = equals === undefined ? 'startsWith' : 'equals'
  return [kind, text('field', field), equals ?? startsWith]
}

function count(name, value) {
  if (!Number.isSafeInteger(value) || value < 0) throw invalidArgument(`${name} must be a number of bytes`)
  return value
}

/** Names and values that native code says. */
function pairs(json) {
  return frozen(JSON.parse(json))
}

module.exports = { ChunkSigner, Signer }
