// The whole path: a raw request in, a verdict out.

import { VERIFIER_OPTIONS, document, options, rawOptions } from './arguments.js'
import { bodyReader } from './body.js'
import { diagnose } from './diagnosis.js'
import { call, needsComplete } from './engine.js'
import { errorOf, invalidArgument } from './errors.js'
import { sendForBody, sendRequest } from './request.js'
import { packForm, uploadOf } from './upload.js'

const PRIVATE = Symbol('private')

/** The answer to a request. Its text is read when it is first asked for something. */
export class Verdict {
  #text
  #body
  #upload
  #errorProfile
  #data
  #error

  /** `body` is what is announced beside the payload, and `upload` the module's own of a form. */
  constructor(key, text, { body, upload, errorProfile } = {}) {
    if (key !== PRIVATE) throw invalidArgument('a verdict is made by authorize')
    this.#text = text
    this.#body = body
    this.#upload = upload
    this.#errorProfile = errorProfile
  }

  get #read() {
    return (this.#data ??= JSON.parse(this.#text))
  }

  get allowed() {
    return this.#read.allowed === true
  }

  get user() {
    return this.#read.user
  }

  get accessKey() {
    return this.#read.accessKey
  }

  get operation() {
    return this.#read.operation ?? null
  }

  get bucket() {
    return this.#read.bucket ?? null
  }

  get key() {
    return this.#read.key ?? null
  }

  get decision() {
    return this.#read.decision ?? null
  }

  get payload() {
    return this.#read.payload ?? null
  }

  get keys() {
    return this.#read.keys ?? []
  }

  get error() {
    const { error } = this.#read
    return (this.#error ??= error === undefined ? null : errorOf(error))
  }

  get httpStatus() {
    return this.#read.error?.httpStatus ?? 200
  }

  get errorXml() {
    return this.#read.errorXml ?? ''
  }

  bodyReader() {
    this.orThrow()
    if (this.#upload !== undefined) throw invalidArgument('the body of a form upload is read by whoever reads the form')
    return bodyReader(this.#body, this.payload, this.#errorProfile)
  }

  get upload() {
    const { upload } = this.#read
    return upload === undefined ? null : uploadOf(this.#upload, upload)
  }

  orThrow() {
    if (!this.allowed) throw this.error
    return this
  }

  toJSON() {
    const { allowed, user, accessKey, operation, bucket, key, decision, payload, keys, httpStatus, errorXml } = this
    const { error = null } = this.#read
    return { allowed, user, accessKey, operation, bucket, key, decision, payload, keys, error, httpStatus, errorXml }
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return `Verdict ${inspect(this.toJSON(), options)}`
  }
}

/** A directory of identities, ready to authorize requests. */
export class Iam {
  #raw
  #errorProfile

  constructor(key, raw, errorProfile = 'aws') {
    if (key !== PRIVATE) throw invalidArgument('an Iam is made by Iam.load')
    this.#raw = raw
    this.#errorProfile = errorProfile
  }

  static load(source, choices) {
    const given = options(choices, VERIFIER_OPTIONS)
    const bytes = document('the directory', source)
    return new Iam(PRIVATE, call((raw) => raw.Iam.load(bytes, rawOptions(raw, given))), given.errorProfile)
  }

  replace(source) {
    const bytes = document('the directory', source)
    call(() => this.#raw.replace(bytes))
    return this
  }

  get problems() {
    return JSON.parse(call(() => this.#raw.problems()))
  }

  authorize(request, facts) {
    const [text, body] = sendForBody((length) => this.#raw.authorize(length), request, facts)
    return new Verdict(PRIVATE, text, { body, errorProfile: this.#errorProfile })
  }

  authorizePost(request, form, facts) {
    needsComplete('browser forms')
    const packed = packForm(form)
    const upload = sendRequest((length) => this.#raw.authorizePost(packed, length), request, facts)
    return new Verdict(PRIVATE, upload.data(), { upload })
  }

  diagnose(request, client, facts) {
    return diagnose(this.#raw, request, client, facts)
  }
}
