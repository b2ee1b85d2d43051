import { call, documentBytes } from './engine.js'
import { errorFrom } from './errors.js'
import { rawOptions } from './options.js'
import { pack } from './request.js'

/** A directory of users, groups, access keys and policies, and the answer to whole requests. */
export class Iam {
  #raw

  constructor(raw) {
    this.#raw = raw
  }

  static load(directory, options) {
    const bytes = documentBytes(directory, 'directory')
    return new Iam(call((raw) => raw.Iam.load(bytes, rawOptions(raw, options))))
  }

  replace(directory) {
    const bytes = documentBytes(directory, 'directory')
    call(() => this.#raw.replace(bytes))
  }

  get problems() {
    const flat = call(() => this.#raw.problems())
    return Array.from({ length: flat.length / 2 }, (_, i) => ({ pointer: flat[2 * i], message: flat[2 * i + 1] }))
  }

  authorize(request) {
    return new Verdict(call(() => this.#raw.authorize(pack(request))))
  }
}

/** The answer to a request. Its text is read when it is first asked for something. */
export class Verdict {
  #text
  #data

  constructor(text) {
    this.#text = text
  }

  #read() {
    return (this.#data ??= JSON.parse(this.#text))
  }

  get allowed() {
    return this.#read().allowed === true
  }

  get user() {
    return this.#read().user ?? null
  }

  get accessKey() {
    return this.#read().accessKey ?? null
  }

  get operation() {
    return this.#read().operation ?? null
  }

  get bucket() {
    return this.#read().bucket ?? null
  }

  get key() {
    return this.#read().key ?? null
  }

  get payload() {
    return this.#read().payload ?? null
  }

  get decision() {
    return this.#read().decision ?? null
  }

  get error() {
    const { error } = this.#read()
    return error === undefined ? null : errorFrom(error)
  }

  get httpStatus() {
    return this.#read().error?.httpStatus ?? 200
  }

  get errorXml() {
    return this.#read().errorXml ?? ''
  }

  get keys() {
    return this.#read().keys ?? []
  }

  toJSON() {
    return { ...this.#read() }
  }
}
