'use strict'
// Errors as JavaScript classes. What an error says comes from the core's table; nothing is worded
// here but mistakes in the use of this package.

const native = require('./native.cjs').load()

/** Any error of this package: a stable `code`, and what an S3 client is told. */
class S3IamError extends Error {
  constructor({ code, number, message, s3Code, httpStatus, details }) {
    super(message)
    this.code = code
    this.number = number
    this.s3Code = s3Code
    this.httpStatus = httpStatus
    this.details = details
  }
}

/** A policy that cannot be used; `findings` has everything found about it. */
class PolicyError extends S3IamError {
  constructor(error, findings = []) {
    super(error)
    this.findings = findings
  }
}

/** A directory of identities that cannot be used. */
class DirectoryError extends S3IamError {}

/** A request whose authentication does not hold. */
class SignatureError extends S3IamError {}

/** A request that asks for nothing that S3 has, or asks in a way that S3 refuses. */
class OperationError extends S3IamError {}

/** A request that the caller's policies do not allow. */
class AccessDenied extends S3IamError {}

for (const type of [S3IamError, PolicyError, DirectoryError, SignatureError, OperationError, AccessDenied]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true })
}

// The numbers of the table come in blocks by topic.
const BLOCKS = [S3IamError, PolicyError, DirectoryError, SignatureError, OperationError, AccessDenied]

/** The error object for an error of the core. */
function errorOf(error, findings) {
  const type = BLOCKS[Math.floor(error.number / 100)] ?? S3IamError
  return new type(error, findings)
}

/** What Node-API reports when an argument has the wrong type. */
const ARGUMENT_STATUS = /^(InvalidArg|.*Expected)$/

/** The error object for whatever a native call threw. */
function fromNative(thrown) {
  const text = thrown.message
  if (text.startsWith('{')) return errorOf(JSON.parse(text))
  if (text.startsWith('[')) {
    const [error, { findings }] = JSON.parse(text)
    return errorOf(error, findings)
  }
  if (ARGUMENT_STATUS.test(thrown.code)) return failure('invalid-argument', text)
  const error = failure('internal')
  error.cause = thrown
  return error
}

/** An error of the table, with a message of its own or the table's. */
function failure(code, message) {
  return errorOf(JSON.parse(native.describe(code, message)))
}

/** An error that says which argument is wrong. */
function invalidArgument(message) {
  return failure('invalid-argument', message)
}

/** Calls native code, and nothing of the user's, and turns what it throws into errors of this package. */
function guarded(call) {
  try {
    return call()
  } catch (thrown) {
    throw fromNative(thrown)
  }
}

module.exports = {
  native,
  S3IamError,
  PolicyError,
  DirectoryError,
  SignatureError,
  OperationError,
  AccessDenied,
  errorOf,
  failure,
  fromNative,
  guarded,
  invalidArgument,
}
