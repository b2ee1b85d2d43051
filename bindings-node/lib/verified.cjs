'use strict'
// Who signed a request or a form. Of a request it is one short text from native code, the core's record, which is read
// only when somebody asks.

const { bodyReader } = require('./body.cjs')
const { invalidArgument } = require('./errors.cjs')
const { uploadOf } = require('./upload.cjs')

/** Held by this module alone, so that nothing else says who signed. */
const KEY = Symbol('verified')

/** Who signed a request, and what is known of its body. */
class Verified {
  #record
  #lines
  #body
  #errorProfile

  /** Made by `verify` alone, of a text, or a list of it and the body. */
  constructor(key, answer, errorProfile) {
    if (key !== KEY) throw invalidArgument('a Verified is made by verify')
    if (typeof answer === 'string') this.#record = answer
    else [this.#record, this.#body] = answer
    this.#errorProfile = errorProfile
  }

  /** A line of the record as the core's `write_verified_record` documents them; null where nobody signed. */
  #line(number) {
    return this.anonymous ? null : (this.#lines ??= this.#record.split('\n'))[number]
  }

  /** Whether nobody signed. */
  get anonymous() {
    return this.#record === ''
  }

  /** The access key that signed, or null. */
  get accessKey() {
    return this.#line(3)
  }

  /** How the request was authenticated, or null. */
  get form() {
    return this.#line(0)
  }

  /** What the signature says of the body: `unsigned`, the SHA-256 in hex, `STREAMING-…` for one in chunks, or null. */
  get payload() {
    return this.#line(1)
  }

  /** When the request was signed, or null. */
  get signedAt() {
    return this.anonymous ? null : new Date(Number(this.#line(2)))
  }

  /** A reader that checks the body, and decodes it if it is chunked. */
  bodyReader() {
    if (this.anonymous) throw invalidArgument('nobody signed: anonymousBody reads the body of an anonymous request')
    return bodyReader(this.#body, this.payload, this.#errorProfile)
  }

  toJSON() {
    const { anonymous, accessKey, form, payload, signedAt } = this
    return { anonymous, accessKey, form, payload, signedAt }
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, choices, inspect) {
    return `Verified ${inspect(this.toJSON(), choices)}`
  }
}

/** What native code answered to a request. */
function verifiedOf(answer, errorProfile) {
  return new Verified(KEY, answer, errorProfile)
}

/** What native code answered to a form. */
function verifiedPostOf(native) {
  const { anonymous, accessKey = null, form = null, signedAt, key, upload } = JSON.parse(native.data())
  const at = signedAt === undefined ? null : new Date(signedAt)
  return Object.freeze({ anonymous, accessKey, form, signedAt: at, key, upload: uploadOf(native, upload) })
}

module.exports = { Verified, verifiedOf, verifiedPostOf }
