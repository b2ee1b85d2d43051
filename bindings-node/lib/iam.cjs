'use strict'
// The whole path: a raw request in, a verdict out.

const { document, options, IAM_OPTIONS } = require('./arguments.cjs')
const { Answer, read } = require('./answer.cjs')
const { errorOf, guarded, invalidArgument, native } = require('./errors.cjs')
const { send } = require('./request.cjs')

/** The answer to a request. What it names is read from the native answer when it is asked for. */
class Verdict extends Answer {
  #error

  /** The user, or null for an anonymous or unverified request. */
  get user() {
    return read(this).user
  }

  /** The access key that signed, or null. */
  get accessKey() {
    return read(this).accessKey
  }

  /** The S3 operation, or null where none was recognised. */
  get operation() {
    return read(this).operation ?? null
  }

  /** The bucket, decoded; empty where the operation has none, null where none was recognised. */
  get bucket() {
    return read(this).bucket ?? null
  }

  /** The object key, decoded; empty where the operation has none, null where none was recognised. */
  get key() {
    return read(this).key ?? null
  }

  /** The policy decision, or null if it did not come to one. */
  get decision() {
    return read(this).decision ?? null
  }

  /** What the signature says of the body: `unsigned`, the SHA-256 in hex, or null. */
  get payload() {
    return read(this).payload ?? null
  }

  /** Each key of a `DeleteObjects` request with its own decision. */
  get keys() {
    return read(this).keys ?? []
  }

  /** Why the request was refused, or null. */
  get error() {
    const { error } = read(this)
    return (this.#error ??= error === undefined ? null : errorOf(error))
  }

  /** The HTTP status to answer with: 200 if allowed, else the error's. */
  get httpStatus() {
    return read(this).error?.httpStatus ?? 200
  }

  /** The S3 error body to answer with; empty if allowed. */
  get errorXml() {
    return read(this).errorXml ?? ''
  }

  /** The verdict itself if it is allowed; else its error is thrown. */
  orThrow() {
    if (!this.allowed) throw this.error
    return this
  }

  toJSON() {
    const { user, accessKey, operation = null, bucket = null, key = null, payload = null } = read(this)
    const { decision = null, keys = [], error = null } = read(this)
    const { allowed, httpStatus, errorXml } = this
    const who = { allowed, user, accessKey, operation, bucket, key }
    return { ...who, decision, payload, keys, error, httpStatus, errorXml }
  }
}

/** Held by this module alone, so that nothing else makes an `Iam`. */
const KEY = Symbol('iam')

/** A directory of identities, ready to authorize requests. */
class Iam {
  #native
  #authorize

  /** Made by `Iam.load` alone. */
  constructor(key, directory) {
    if (key !== KEY) throw invalidArgument('an Iam is made by Iam.load')
    this.#native = directory
    this.#authorize = directory.authorizer()
  }

  /** Reads a directory of users, groups, access keys and policies. */
  static load(source, choices) {
    const given = options(choices, IAM_OPTIONS)
    const bytes = document('the directory', source)
    return guarded(() => new Iam(KEY, native.Iam.load(bytes, given)))
  }

  /** Replaces the directory at once and whole. On an error the old one stays. */
  replace(source) {
    const bytes = document('the directory', source)
    guarded(() => this.#native.replace(bytes))
    return this
  }

  /** What was wrong with single records of the directory; whoever depends on one is denied. */
  get problems() {
    return guarded(() => this.#native.problems())
  }

  /** Authorizes a raw request. */
  authorize(request, facts) {
    return new Verdict(send(this.#authorize, request, facts))
  }
}

module.exports = { Iam, Verdict }
