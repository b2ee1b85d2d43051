// The whole path: a raw request in, a verdict out.

import { IAM_OPTIONS, document, options, rawOptions } from './arguments.js'
import { call } from './engine.js'
import { errorOf, invalidArgument } from './errors.js'
import { pack } from './request.js'

const PRIVATE = Symbol('private')

/** The answer to a request. Its text is read when it is first asked for something. */
export class Verdict {
  #text
  #data
  #error

  constructor(key, text) {
    if (key !== PRIVATE) throw invalidArgument('a verdict is made by authorize')
    this.#text = text
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

  constructor(key, raw) {
    if (key !== PRIVATE) throw invalidArgument('an Iam is made by Iam.load')
    this.#raw = raw
  }

  static load(source, choices) {
    const given = options(choices, IAM_OPTIONS)
    const bytes = document('the directory', source)
    return new Iam(PRIVATE, call((raw) => raw.Iam.load(bytes, rawOptions(raw, given))))
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
    const length = pack(request, facts)
    return new Verdict(PRIVATE, call(() => this.#raw.authorize(length)))
  }
}
