// Signature verification alone, for gateways that have their own authorization.

import { VERIFIER_OPTIONS, instant, object, options, rawOptions, text } from './arguments.js'
import { call } from './engine.js'
import { invalidArgument } from './errors.js'
import { pack } from './request.js'

/** Verifies request signatures against the keys added to it. */
export class Verifier {
  #raw

  constructor(choices) {
    const given = options(choices, VERIFIER_OPTIONS)
    this.#raw = call((raw) => new raw.Verifier(rawOptions(raw, given)))
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

  verify(request, facts) {
    const length = pack(request, facts)
    const answer = call(() => this.#raw.verify(length))
    const { anonymous, accessKey = null, form = null, payload = null, signedAt } = JSON.parse(answer)
    return { anonymous, accessKey, form, payload, signedAt: signedAt === undefined ? null : new Date(signedAt) }
  }
}
