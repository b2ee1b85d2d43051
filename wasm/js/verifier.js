import { call, text } from './engine.js'
import { rawOptions } from './options.js'
import { millis, pack } from './request.js'

/** Verifies signatures against a plain list of access keys. */
export class Verifier {
  #raw

  constructor(options) {
    this.#raw = call((raw) => new raw.Verifier(rawOptions(raw, options)))
  }

  addKey({ accessKey, secretKey, sessionToken, expires, enabled = true }) {
    const token = sessionToken === undefined ? undefined : text(sessionToken, 'sessionToken')
    const end = expires === undefined ? undefined : millis(expires)
    call(() => this.#raw.addKey(text(accessKey, 'accessKey'), text(secretKey, 'secretKey'), token, end, Boolean(enabled)))
    return this
  }

  verify(request) {
    return JSON.parse(call(() => this.#raw.verify(pack(request))))
  }
}
