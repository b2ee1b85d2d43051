'use strict'
// Arguments, checked and brought into the form in which they cross into native code.

const { failure, invalidArgument } = require('./errors.cjs')

/** A document as bytes: text becomes UTF-8, bytes are taken as they are. */
function document(name, value) {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw failure('invalid-utf8', `${name} has half a surrogate pair`)
    return Buffer.from(value, 'utf8')
  }
  if (!(value instanceof Uint8Array)) throw invalidArgument(`${name} must be a string or a Uint8Array`)
  return settled(value)
}

/** Bytes. */
function bytes(name, value) {
  if (!(value instanceof Uint8Array)) throw invalidArgument(`${name} must be a Uint8Array`)
  return settled(value)
}

/** Bytes that no other thread can change while native code reads them. */
function settled(value) {
  return value.buffer instanceof SharedArrayBuffer ? Uint8Array.from(value) : value
}

/** A string. */
function text(name, value) {
  if (typeof value !== 'string') throw invalidArgument(`${name} must be a string`)
  return value
}

/** An object. */
function object(name, value) {
  if (value === null || typeof value !== 'object') throw invalidArgument(`${name} must be an object`)
  return value
}

/** Data as JSON. */
function json(name, value) {
  try {
    return text(name, JSON.stringify(value))
  } catch {
    throw invalidArgument(`${name} must be plain data`)
  }
}

/** An instant in milliseconds since 1970, from a number or a `Date`. */
function instant(name, value) {
  const millis = value instanceof Date ? value.getTime() : value
  if (typeof millis !== 'number' || !(Math.abs(millis) <= 8.64e15)) {
    throw invalidArgument(`${name} must be a Date or milliseconds since 1970`)
  }
  return Math.floor(millis)
}

/** A switch; off if it is left out. */
function flag(name, value = false) {
  if (typeof value !== 'boolean') throw invalidArgument(`${name} must be a boolean`)
  return value
}

const CHECKS = {
  any: () => true,
  list: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  'list of strings': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'whole number': (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
}

/** The parts of an options object, checked by name and type; names stand behind `prefix` in errors. A
 * misspelt option is an error: what it was meant to tighten would silently stay loose. */
function options(given, shape, prefix = '') {
  const out = {}
  if (given === undefined) return out
  for (const [name, value] of Object.entries(object('options', given))) {
    const type = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (type === undefined) {
      throw invalidArgument(`there is no option ${prefix}${name}; there are ${Object.keys(shape).join(', ')}`)
    }
    if (value === undefined) continue
    if (!CHECKS[type](value)) throw invalidArgument(`${prefix}${name} must be a ${type}`)
    out[name] = value
  }
  return out
}

const POLICY_OPTIONS = { dialect: 'string', kind: 'string', bucket: 'string', lenient: 'boolean' }

const VERIFIER_OPTIONS = {
  errorProfile: 'string',
  region: 'string',
  services: 'list of strings',
  maxSkewSeconds: 'whole number',
  requireContentSha256: 'boolean',
  requireSignedAmzHeaders: 'boolean',
  requireScopeDateMatch: 'boolean',
  acceptExpiresZero: 'boolean',
  allowSigv2: 'boolean',
  allowSigv4a: 'boolean',
  requireMinChunk: 'boolean',
  maxChunkBytes: 'whole number',
  cachedKeys: 'whole number',
  domains: 'list of strings',
}

module.exports = {
  bytes,
  document,
  flag,
  instant,
  json,
  object,
  options,
  text,
  POLICY_OPTIONS,
  VERIFIER_OPTIONS,
}
