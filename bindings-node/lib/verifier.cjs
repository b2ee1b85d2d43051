'use strict'
// Signature verification alone, for gateways that have their own authorization.

const { instant, options, text, VERIFIER_OPTIONS } = require('./arguments.cjs')
const { readerOf } = require('./body.cjs')
const { diagnose } = require('./diagnosis.cjs')
const { guarded, invalidArgument, native } = require('./errors.cjs')
const { firstBuffer, sendRequest, sendToHolder } = require('./request.cjs')
const { packForm } = require('./upload.cjs')
const { verifiedOf, verifiedPostOf } = require('./verified.cjs')

/** Verifies request signatures against the keys added to it. */
class Verifier {
  #native
  #verify
  #errorProfile

  constructor(choices) {
    const given = options(choices, VERIFIER_OPTIONS)
    this.#native = guarded(() => new native.Verifier(given))
    this.#verify = this.#native.verify(firstBuffer)
    this.#errorProfile = given.errorProfile
  }

  /** Adds a key, or replaces the one of that name. */
  addKey(key) {
    if (key === null || typeof key !== 'object') throw invalidArgument('the key must be an object')
    const { accessKey, secretKey, sessionToken, expires, enabled = true } = key
    if (typeof enabled !== 'boolean') throw invalidArgument('enabled must be a boolean')
    const given = { accessKey: text('accessKey', accessKey), secretKey: text('secretKey', secretKey), enabled }
    if (sessionToken !== undefined) given.sessionToken = text('sessionToken', sessionToken)
    if (expires !== undefined) given.expires = instant('expires', expires)
    guarded(() => this.#native.addKey(given))
    return this
  }

  /** Removes a key and wipes what was made from its secret. Answers whether there was one. */
  removeKey(accessKey) {
    text('accessKey', accessKey)
    return guarded(() => this.#native.removeKey(accessKey))
  }

  /** Says who signed a request, or throws the error to send. */
  verify(request, facts) {
    return verifiedOf(sendToHolder(this.#verify, request, facts), this.#errorProfile)
  }

  /** A reader for the body of a request that nobody signed. */
  anonymousBody(request, facts) {
    return readerOf(sendRequest((...packed) => this.#native.anonymousBody(...packed), request, facts))
  }

  /** Says who signed a browser form to a bucket and what it allows, or throws the error to send. */
  verifyPost(request, bucket, form, facts) {
    const packedForm = packForm(form)
    text('bucket', bucket)
    return verifiedPostOf(
      sendRequest((...packed) => this.#native.verifyPost(bucket, packedForm, ...packed), request, facts),
    )
  }

  /** Says why a request's signature is refused. */
  diagnose(request, client, facts) {
    return diagnose(this.#native, request, client, facts)
  }
}

module.exports = { Verifier }
