// Signature verification alone, for gateways that have their own authorization.

import { VERIFIER_OPTIONS, instant, object, options, rawOptions, text } from './arguments.js'
import { readerOf } from './body.js'
import { diagnose } from './diagnosis.js'
import { call, needsComplete } from './engine.js'
import { invalidArgument } from './errors.js'
import { sendForRecord, sendRequest } from './request.js'
import { packForm } from './upload.js'
import { verifiedOf, verifiedPostOf } from './verified.js'

/** Verifies request signatures against the keys added to it. */
export class Verifier {
  #raw
  #errorProfile

  constructor(choices) {
    const given = options(choices, VERIFIER_OPTIONS)
    this.#raw = call((raw) => new raw.Verifier(rawOptions(raw, given)))
    this.#errorProfile = given.errorProfile ?? 'aws'
  }

  addKey(key) {
    const { accessKey, secretKey, sessionToken, expires, enabled = true } = object('the key', key)
    if (typeof enabled !== 'boolean') throw invalidArgument('enabled must be a boolean')
    text('accessKey', accessKey)
    text('secretKey', secretKey)
    if (sessionToken !== undefined) text('sessionToken', sessionToken)
    const end = expires === undefined ? undefined : instant('expires', expires)
    call(() => this.#raw.addKey(accessKey, secretKey, sessionToken, end, enabled))
    return this
  }

  /** Removes a key and wipes what was made from its secret. Answers whether there was one. */
  removeKey(accessKey) {
    needsComplete('removing keys')
    text('accessKey', accessKey)
    return call(() => this.#raw.removeKey(accessKey))
  }

  /** Says who signed a request, or throws the error to send. */
  verify(request, facts) {
    return verifiedOf(sendForRecord(this.#raw, request, facts), this.#errorProfile)
  }

  /** A reader for the body of a request that nobody signed. */
  anonymousBody(request, facts) {
    needsComplete('reading bodies')
    return readerOf(sendRequest((length) => this.#raw.anonymousBody(length), request, facts))
  }

  /** Says who signed a browser form to a bucket and what it allows, or throws the error to send. */
  verifyPost(request, bucket, form, facts) {
    needsComplete('browser forms')
    const packed = packForm(form)
    text('bucket', bucket)
    return verifiedPostOf(sendRequest((length) => this.#raw.verifyPost(bucket, packed, length), request, facts))
  }

  /** Says why a request's signature is refused. */
  diagnose(request, client, facts) {
    return diagnose(this.#raw, request, client, facts)
  }
}
