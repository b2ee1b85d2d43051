'use strict'
// The verdict: one short text from native code. Its first character says whether the request is
// allowed; the rest is JSON, read only when somebody asks for more.

const { inspect } = require('node:util')
const { errorOf } = require('./errors.cjs')

/** Everything that native code said. */
let read

/** The answer to a request. What it names is read from the native answer when it is asked for. */
class Verdict {
  #text
  #parsed
  #error

  static {
    read = (verdict) => (verdict.#parsed ??= JSON.parse(verdict.#text.slice(1)))
  }

  constructor(text) {
    this.#text = text
  }

  /** Whether the request may proceed. */
  get allowed() {
    return this.#text.charCodeAt(0) === 49
  }

  /** The user, or null for an anonymous or unverified request. */
  get user() {
    return read(this).user
  }

  /** The access key that signed, or null. */
  get accessKey() {
    return read(this).accessKey
  }

  /** The S3 operation, or null where none was recognised. */
  get operation() {
    return read(this).operation ?? null
  }

  /** The bucket, decoded; empty where the operation has none, null where none was recognised. */
  get bucket() {
    return read(this).bucket ?? null
  }

  /** The object key, decoded; empty where the operation has none, null where none was recognised. */
  get key() {
    return read(this).key ?? null
  }

  /** The policy decision, or null if it did not come to one. */
  get decision() {
    return read(this).decision ?? null
  }

  /** What the signature says of the body: `unsigned`, the SHA-256 in hex, or null. */
  get payload() {
    return read(this).payload ?? null
  }

  /** Each key of a `DeleteObjects` request with its own decision. */
  get keys() {
    return read(this).keys ?? []
  }

  /** Why the request was refused, or null. */
  get error() {
    const { error } = read(this)
    return (this.#error ??= error === undefined ? null : errorOf(error))
  }

  /** The HTTP status to answer with: 200 if allowed, else the error's. */
  get httpStatus() {
    return read(this).error?.httpStatus ?? 200
  }

  /** The S3 error body to answer with; empty if allowed. */
  get errorXml() {
    return read(this).errorXml ?? ''
  }

  /** The verdict itself if it is allowed; else its error is thrown. */
  orThrow() {
    if (!this.allowed) throw this.error
    return this
  }

  toJSON() {
    const { user, accessKey, operation = null, bucket = null, key = null, payload = null } = read(this)
    const { decision = null, keys = [], error = null } = read(this)
    const { allowed, httpStatus, errorXml } = this
    const who = { allowed, user, accessKey, operation, bucket, key }
    return { ...who, decision, payload, keys, error, httpStatus, errorXml }
  }

  [inspect.custom](depth, choices, show = inspect) {
    return `Verdict ${show(this.toJSON(), choices)}`
  }
}

module.exports = { Verdict }
