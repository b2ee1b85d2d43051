// Arguments, checked. A wrong one is an error with its name in it, never a guess.

import { isComplete, needsComplete } from './engine.js'
import { failure, invalidArgument } from './errors.js'

const encoder = new TextEncoder()

/** A document as bytes: text becomes UTF-8, bytes are taken as they are. */
export function document(name, value) {
  if (typeof value !== 'string') return bytes(name, value)
  if (!value.isWellFormed()) throw failure('invalid-utf8', `${name} has half a surrogate pair`)
  return encoder.encode(value)
}

/** Bytes. */
export function bytes(name, value) {
  if (!(value instanceof Uint8Array)) throw invalidArgument(`${name} must be a string or a Uint8Array`)
  return value
}

/** A string. */
export function text(name, value) {
  if (typeof value !== 'string') throw invalidArgument(`${name} must be a string`)
  return value
}

/** An object. */
export function object(name, value) {
  if (value === null || typeof value !== 'object') throw invalidArgument(`${name} must be an object`)
  return value
}

/** Data as JSON. */
export function json(name, value) {
  try {
    return text(name, JSON.stringify(value))
  } catch {
    throw invalidArgument(`${name} must be plain data`)
  }
}

/** An instant in whole milliseconds since 1970, from a number or a `Date`. */
export function instant(name, value) {
  const millis = value instanceof Date ? value.getTime() : value
  if (typeof millis !== 'number' || !(Math.abs(millis) <= 8.64e15)) {
    throw invalidArgument(`${name} must be a Date or milliseconds since 1970`)
  }
  return Math.floor(millis)
}

/** A switch; off if it is left out. */
export function flag(name, value = false) {
  if (typeof value !== 'boolean') throw invalidArgument(`${name} must be a boolean`)
  return value
}

const CHECKS = {
  any: () => true,
  list: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  // Entries cross on a line each.
  'list of strings': (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\n')),
  'whole number': (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
}

/**
 * Options, checked by name and type; names stand behind `prefix` in errors. An option that does not exist is an
 * error: what it was meant to tighten would silently stay loose.
 */
export function options(given = {}, shape, prefix = '') {
  const checked = {}
  for (const [name, value] of Object.entries(object('options', given))) {
    if (!Object.hasOwn(shape, name)) {
      throw invalidArgument(`there is no option ${prefix}${name}; there are ${Object.keys(shape).join(', ')}`)
    }
    if (value === undefined) continue
    if (!CHECKS[shape[name]](value)) throw invalidArgument(`${prefix}${name} must be a ${shape[name]}`)
    checked[name] = value
  }
  return checked
}

export const POLICY_OPTIONS = { dialect: 'string', kind: 'string', bucket: 'string', lenient: 'boolean' }

export const ACCOUNT_OPTIONS = { credential: 'string', policies: 'list', sessionPolicy: 'any', parentIsRoot: 'boolean' }

export const VERIFIER_OPTIONS = {
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

/** What the gateway's module would need for an option. */
const COMPLETE_OPTIONS = {
  allowSigv2: 'SigV2',
  allowSigv4a: 'SigV4A',
  requireMinChunk: 'bodies in chunks',
  maxChunkBytes: 'bodies in chunks',
}

/** The module's own options object. */
export function rawOptions(raw, checked) {
  const result = new raw.Options()
  for (const [name, value] of Object.entries(checked)) {
    if (Object.hasOwn(COMPLETE_OPTIONS, name) && !isComplete(raw)) {
      // What is turned off is off there.
      if (value === false) continue
      needsComplete(COMPLETE_OPTIONS[name])
    }
    result.set(name, Array.isArray(value) ? value.map((item) => `${item}\n`).join('') : String(value))
  }
  return result
}
