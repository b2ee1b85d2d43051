// Errors. What an error of the core says comes from the core's table; worded here are only mistakes
// in the use of this package.

/** Any error of this package: a stable `code`, and what an S3 client is told. */
export class S3IamError extends Error {
  constructor({ code, number, message, s3Code, httpStatus, details, cause }) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.number = number
    this.s3Code = s3Code
    this.httpStatus = httpStatus
    this.details = details
  }
}

/** A policy that cannot be used; `findings` has everything found about it. */
export class PolicyError extends S3IamError {
  constructor(error, findings = []) {
    super(error)
    this.findings = findings
  }
}

/** A directory of identities that cannot be used. */
export class DirectoryError extends S3IamError {}

/** A request whose authentication does not hold. */
export class SignatureError extends S3IamError {}

/** A request that asks for nothing that S3 has, or asks in a way that S3 refuses. */
export class OperationError extends S3IamError {}

/** A request that the caller's policies do not allow. */
export class AccessDenied extends S3IamError {}

// The numbers of the core's table come in blocks of a hundred, one a topic.
const TOPICS = { S3IamError, PolicyError, DirectoryError, SignatureError, OperationError, AccessDenied }
const CLASSES = Object.values(TOPICS)
// Named by hand, because bundlers shorten the names of classes.
for (const [name, type] of Object.entries(TOPICS)) {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true })
}

/** The error object for an error of the core. */
export function errorOf(error, findings) {
  const type = CLASSES[Math.floor(error.number / 100)] ?? S3IamError
  return new type(error, findings)
}

// What the table has of the errors that are found here: number, code of S3, and status.
const TABLE = {
  'invalid-argument': [1, 'InvalidArgument', 400],
  'invalid-utf8': [2, 'InvalidArgument', 400],
  'malformed-packed-request': [3, 'InvalidRequest', 400],
  internal: [5, 'InternalError', 500],
  unsupported: [6, 'NotImplemented', 501],
}

/** An error of the table, with a message of its own. */
export function failure(code, message, cause) {
  const [number, s3Code, httpStatus] = TABLE[code]
  return new S3IamError({ code, number, message, s3Code, httpStatus, details: {}, cause })
}

/** An error that says which argument is wrong. */
export function invalidArgument(message) {
  return failure('invalid-argument', message)
}
