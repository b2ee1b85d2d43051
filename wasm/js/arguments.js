// Arguments, checked. A wrong one is an error with its name in it, never a guess.

import { invalidArgument, invalidUtf8 } from './errors.js'

const encoder = new TextEncoder()

/** A document as bytes: text becomes UTF-8, bytes are taken as they are. */
export function document(name, value) {
  if (typeof value !== 'string') return bytes(name, value)
  if (!value.isWellFormed()) throw invalidUtf8(`${name} has half a surrogate pair`)
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
  anything: () => true,
  'a list': Array.isArray,
  'a string': (value) => typeof value === 'string',
  'minio or aws': (value) => value === 'minio' || value === 'aws',
  'a boolean': (value) => typeof value === 'boolean',
  // Entries cross on a line each.
  'a list of strings': (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\n')),
  'a whole number': (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
}

/**
 * Options, checked by name and type. An option that does not exist is an error: what it was meant to
 * tighten would silently stay loose.
 */
export function options(given = {}, shape) {
  const checked = {}
  for (const [name, value] of Object.entries(object('options', given))) {
    if (!Object.hasOwn(shape, name)) {
      throw invalidArgument(`there is no option ${name}; there are ${Object.keys(shape).join(', ')}`)
    }
    if (value === undefined) continue
    if (!CHECKS[shape[name]](value)) throw invalidArgument(`${name} must be ${shape[name]}`)
    checked[name] = value
  }
  return checked
}

export const POLICY_OPTIONS = { dialect: 'minio or aws', kind: 'a string', bucket: 'a string', lenient: 'a boolean' }

export const ACCOUNT_OPTIONS = { credential: 'a string', policies: 'a list', sessionPolicy: 'anything', parentIsRoot: 'a boolean' }

export const VERIFIER_OPTIONS = {
  errorProfile: 'a string',
  region: 'a string',
  services: 'a list of strings',
  maxSkewSeconds: 'a whole number',
  requireContentSha256: 'a boolean',
  requireSignedAmzHeaders: 'a boolean',
  requireScopeDateMatch: 'a boolean',
  acceptExpiresZero: 'a boolean',
  cachedKeys: 'a whole number',
}

export const IAM_OPTIONS = { ...VERIFIER_OPTIONS, domains: 'a list of strings' }

/** The module's own options object. */
export function rawOptions(raw, checked) {
  const result = new raw.Options()
  for (const [name, value] of Object.entries(checked)) {
    result.set(name, Array.isArray(value) ? value.map((item) => `${item}\n`).join('') : String(value))
  }
  return result
}
