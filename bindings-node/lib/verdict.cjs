'use strict'
// The verdict: one short text from native code, read only when somebody asks for more than whether the
// request is allowed. Nearly every allowed request has the form of a record, which is quicker; every
// other verdict is JSON that begins with whether it is allowed.

const { inspect } = require('node:util')
const { bodyReader } = require('./body.cjs')
const { errorOf, invalidArgument } = require('./errors.cjs')
const { uploadOf } = require('./upload.cjs')

const RECORD = 'a'.charCodeAt(0)
const TRUE = 't'.charCodeAt(0)
const AT = '{"allowed":'.length
// Flags of a record, and where its parts are.
const [SIGNED, STATEMENT, SID] = [1, 2, 4]
const [LENGTHS, HASH, TEXTS] = [2, 34, 66]
const NUMBERS = [18, 22, 26, 30]
const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7]

const NOT_ASCII = /[^\x00-\x7f]/

/** Everything that native code said. */
let read

/** The answer to a request. What it names is read from the native answer when it is asked for. */
class Verdict {
  #text
  #body
  #errorProfile
  #parsed
  #error
  #upload

  static {
    read = (verdict) => (verdict.#parsed ??= parse(verdict.#text))
  }

  /** An answer is a text, or a list of it and the body; `upload` is native code's of a form. */
  constructor(answer, errorProfile, upload) {
    if (typeof answer === 'string') this.#text = answer
    else [this.#text, this.#body] = answer
    this.#errorProfile = errorProfile
    this.#upload = upload
  }

  /** Whether the request may proceed. */
  get allowed() {
    return this.#text.charCodeAt(0) === RECORD || this.#text.charCodeAt(AT) === TRUE
  }

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
    return read(this).operation
  }

  /** The bucket, decoded; empty where the operation has none, null where none was recognised. */
  get bucket() {
    return read(this).bucket
  }

  /** The object key, decoded; empty where the operation has none, null where none was recognised. */
  get key() {
    return read(this).key
  }

  /** The policy decision, or null if it did not come to one. */
  get decision() {
    return read(this).decision
  }

  /** What the signature says of the body: `unsigned`, the SHA-256 in hex, `STREAMING-…` for one in chunks, or null. */
  get payload() {
    return read(this).payload
  }

  /** Each key of a `DeleteObjects` request with its own decision. */
  get keys() {
    return read(this).keys
  }

  /** Why the request was refused, or null. */
  get error() {
    const { error } = read(this)
    return (this.#error ??= error === null ? null : errorOf(error))
  }

  /** The HTTP status to answer with: 200 if allowed, else the error's. */
  get httpStatus() {
    return this.allowed ? 200 : read(this).error.httpStatus
  }

  /** The S3 error body to answer with; empty if allowed. */
  get errorXml() {
    return this.allowed ? '' : read(this).errorXml
  }

  /** A reader that checks the body of an allowed request, and decodes it if it is chunked. */
  bodyReader() {
    this.orThrow()
    if (this.#upload !== undefined) throw invalidArgument('the body of a form upload is read by whoever reads the form')
    return bodyReader(this.#body, this.payload, this.#errorProfile)
  }

  /** What an allowed form upload may be; null for every other verdict. */
  get upload() {
    const { upload } = read(this)
    return upload === null ? null : uploadOf(this.#upload, upload)
  }

  /** The verdict itself if it is allowed; else its error is thrown. */
  orThrow() {
    if (!this.allowed) throw this.error
    return this
  }

  toJSON() {
    const { allowed, httpStatus, errorXml } = this
    const { user, accessKey, operation, bucket, key, decision, payload, keys, error } = read(this)
    const who = { allowed, user, accessKey, operation, bucket, key }
    return { ...who, decision, payload, keys, error, httpStatus, errorXml }
  }

  [inspect.custom](depth, choices, show = inspect) {
    return `Verdict ${show(this.toJSON(), choices)}`
  }
}

const NONE = Object.freeze([])

function parse(text) {
  if (text.charCodeAt(0) === RECORD) return parseRecord(text)
  const { user, accessKey, operation = null, bucket = null, key = null, ...rest } = JSON.parse(text)
  const { decision = null, payload = null, keys = NONE, error = null, errorXml = '', upload = null } = rest
  return { user, accessKey, operation, bucket, key, decision, payload, keys, error, errorXml, upload }
}

/** The record as the core's `write_verdict_record` documents it, a character for each byte. */
function parseRecord(record) {
  const flags = record.charCodeAt(1)
  let at = TEXTS
  const text = (index) => {
    const start = at
    at += uint16(record, LENGTHS + 2 * index)
    const bytes = record.slice(start, at)
    return NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').utf8Slice() : bytes
  }
  const [user, accessKey, operation, bucket, key, reason, policy, sid] = FIELDS.map(text)
  const [policyIndex, index, start, end] = NUMBERS.map((place) => uint32(record, place))
  const statement =
    (flags & STATEMENT) === 0
      ? null
      : { policy, policyIndex, index, sid: (flags & SID) === 0 ? null : sid, start, end }
  const payload = (flags & SIGNED) === 0 ? 'unsigned' : Buffer.from(record.slice(HASH, TEXTS), 'latin1').hexSlice()
  const decision = { outcome: 'allow', allowed: true, reason, statement }
  return { user, accessKey, operation, bucket, key, decision, payload, keys: NONE, error: null, upload: null }
}

function uint16(record, at) {
  return record.charCodeAt(at) | (record.charCodeAt(at + 1) << 8)
}

function uint32(record, at) {
  return (uint16(record, at) | (uint16(record, at + 2) << 16)) >>> 0
}

/** The verdict on a form upload. */
function postVerdict(upload, errorProfile) {
  return new Verdict(upload.data(), errorProfile, upload)
}

module.exports = { Verdict, postVerdict }
