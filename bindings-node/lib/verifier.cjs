'use strict'
// Signature verification alone, for gateways that have their own authorization.

const { instant, options, text, VERIFIER_OPTIONS } = require('./arguments.cjs')
const { guarded, invalidArgument, native } = require('./errors.cjs')
const { send } = require('./request.cjs')

/** Verifies request signatures against the keys added to it. */
class Verifier {
  #native
  #verify

  constructor(choices) {
    const given = options(choices, VERIFIER_OPTIONS)
    this.#native = guarded(() => new native.Verifier(given))
    this.#verify = this.#native.verify()
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

  /** Says who signed a request, or throws the error to send. */
  verify(request, facts) {
    const answer = send(this.#verify, request, facts)
    const { anonymous, accessKey = null, form = null, payload = null, signedAt } = JSON.parse(answer)
    return { anonymous, accessKey, form, payload, signedAt: signedAt === undefined ? null : new Date(signedAt) }
  }
}

module.exports = { Verifier }
