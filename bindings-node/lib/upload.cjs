'use strict'
// Uploads by browser forms: the form as it crosses, in the core's packed form, and what was verified of it.

const { bytes, flag, object } = require('./arguments.cjs')
const { frozen } = require('./asked.cjs')
const { failure, invalidArgument } = require('./errors.cjs')
const { guarded } = require('./packed.cjs')

const HEAD = 16
const NONE = 0xffffffff
// More is refused by the core, which counts for itself; so nobody makes this buffer large.
const MAX_FORM = 1024 * 1024

const encoder = new TextEncoder()

/** Held by this module alone, so that nothing else makes an upload. */
const KEY = Symbol('upload')

/** What a verified form says of the upload, and how large its file may be. */
class Upload {
  #native

  /** Made by `verifyPost` and `authorizePost` alone. */
  constructor(key, native, data) {
    if (key !== KEY) throw invalidArgument('an Upload is made by verifyPost or authorizePost')
    const { leastLength, mostLength, successStatus, successRedirect, headers } = data
    this.#native = native
    this.leastLength = leastLength
    this.mostLength = mostLength ?? Infinity
    this.successStatus = successStatus
    this.successRedirect = successRedirect
    this.headers = frozen(headers)
    Object.freeze(this)
  }

  /** Checks how much of the file has arrived: the most at any time, the least once it is done. */
  checkLength(received, done) {
    const isDone = flag('done', done)
    const count = length('received', received)
    guarded(() => this.#native.checkLength(count, isDone))
  }
}

/** The upload of a verified form, from what native code says of it. */
function uploadOf(native, data) {
  return new Upload(KEY, native, data)
}

/** A form in one buffer. */
function packForm(form) {
  const { fields, fileName, fileLength } = object('the form', form)
  const name = fileName === undefined || fileName === null ? undefined : piece('fileName', fileName)
  const pieces = name === undefined ? [] : [name]
  for (const pair of pairsOf(fields)) {
    if (!Array.isArray(pair) || pair.length !== 2) throw invalidArgument('fields must be a list of pairs')
    pieces.push(piece('the name of a field', pair[0]), piece('the value of a field', pair[1]))
  }
  const lengths = name === undefined ? pieces : pieces.slice(1)
  const start = HEAD + 4 * lengths.length
  const total = pieces.reduce((sum, bytes) => sum + bytes.length, start)
  if (total > MAX_FORM) throw failure('malformed-packed-request', `the form is longer than ${MAX_FORM} bytes`)
  const buffer = new Uint8Array(total)
  const view = new DataView(buffer.buffer)
  view.setUint32(0, lengths.length / 2, true)
  const known = fileLength === undefined || fileLength === null ? -1n : BigInt(length('fileLength', fileLength))
  view.setBigUint64(4, BigInt.asUintN(64, known), true)
  view.setUint32(12, name === undefined ? NONE : name.length, true)
  lengths.forEach((bytes, i) => view.setUint32(HEAD + 4 * i, bytes.length, true))
  let at = start
  for (const bytes of pieces) {
    buffer.set(bytes, at)
    at += bytes.length
  }
  return buffer
}

function pairsOf(fields) {
  if (typeof object('fields', fields)[Symbol.iterator] !== 'function') {
    throw invalidArgument('fields must be a list of pairs, in the order of the form')
  }
  return fields
}

/** Text or bytes as bytes. */
function piece(name, value) {
  if (typeof value !== 'string') return bytes(name, value)
  if (!value.isWellFormed()) throw failure('invalid-utf8', `${name} has half a surrogate pair`)
  return encoder.encode(value)
}

/** A number of bytes. */
function length(name, value) {
  if (!Number.isSafeInteger(value) || value < 0) throw invalidArgument(`${name} must be a number of bytes`)
  return value
}

module.exports = { Upload, packForm, uploadOf }
