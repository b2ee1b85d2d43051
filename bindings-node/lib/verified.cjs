'use strict'
// Who signed a request or a form.

const { bodyReader } = require('./body.cjs')
const { invalidArgument } = require('./errors.cjs')
const { uploadOf } = require('./upload.cjs')

/** Held by this module alone, so that nothing else says who signed. */
const KEY = Symbol('verified')

/** Who signed a request, and what is known of its body. */
class Verified {
  #body
  #errorProfile

  /** Made by `verify` alone. */
  constructor(key, text, body, errorProfile) {
    if (key !== KEY) throw invalidArgument('a Verified is made by verify')
    const { anonymous, accessKey, form, payload = null, signedAt } = who(JSON.parse(text))
    this.anonymous = anonymous
    this.accessKey = accessKey
    this.form = form
    this.payload = payload
    this.signedAt = signedAt
    this.#body = body
    this.#errorProfile = errorProfile
    Object.freeze(this)
  }

  /** A reader that checks the body, and decodes it if it is chunked. */
  bodyReader() {
    if (this.anonymous) throw invalidArgument('nobody signed: anonymousBody reads the body of an anonymous request')
    return bodyReader(this.#body, this.payload, this.#errorProfile)
  }
}

/** What native code answered to a request: a text, or a list of it and the body. */
function verifiedOf(answer, errorProfile) {
  const [text, body] = typeof answer === 'string' ? [answer] : answer
  return new Verified(KEY, text, body, errorProfile)
}

/** What native code answered to a form. */
function verifiedPostOf(native) {
  const data = JSON.parse(native.data())
  const { anonymous, accessKey, form, signedAt } = who(data)
  const upload = uploadOf(native, data.upload)
  return Object.freeze({ anonymous, accessKey, form, signedAt, key: data.key, upload })
}

function who({ anonymous, accessKey = null, form = null, payload, signedAt }) {
  return { anonymous, accessKey, form, payload, signedAt: signedAt === undefined ? null : new Date(signedAt) }
}

module.exports = { Verified, verifiedOf, verifiedPostOf }
