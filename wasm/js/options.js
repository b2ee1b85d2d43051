import { text } from './engine.js'
import { invalidArgument } from './errors.js'

const CHECKS = {
  errorProfile: text,
  region: text,
  services: texts,
  domains: texts,
  maxSkewSeconds: count,
  requireContentSha256: flag,
  requireSignedAmzHeaders: flag,
  requireScopeDateMatch: flag,
  acceptExpiresZero: flag,
  cachedKeys: count,
}

/** The module's own options from a user's; an option that does not exist is an error, not ignored. */
export function rawOptions(raw, options = {}) {
  const result = new raw.Options()
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, name)) throw invalidArgument(`there is no option ${name}`)
    if (value !== undefined) result[name](CHECKS[name](value, name))
  }
  return result
}

function texts(value, name) {
  if (!Array.isArray(value)) throw invalidArgument(`${name} must be a list of strings`)
  return value.map((one) => text(one, name))
}

function flag(value, name) {
  if (typeof value !== 'boolean') throw invalidArgument(`${name} must be true or false`)
  return value
}

function count(value, name) {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw invalidArgument(`${name} must be a whole number`)
  return value
}
