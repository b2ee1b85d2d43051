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

/** An error that says which argument is wrong. */
export function invalidArgument(message) {
  return new S3IamError({ code: 'invalid-argument', number: 1, message, s3Code: 'InvalidArgument', httpStatus: 400, details: {} })
}

/** Text that cannot be UTF-8. */
export function invalidUtf8(message) {
  return new S3IamError({ code: 'invalid-utf8', number: 2, message, s3Code: 'InvalidArgument', httpStatus: 400, details: {} })
}

/** A request that does not fit the packed encoding. */
export function malformedRequest(message) {
  return new S3IamError({ code: 'malformed-packed-request', number: 3, message, s3Code: 'InvalidRequest', httpStatus: 400, details: {} })
}

/** Something that the loaded module does not have. */
export function unsupported(message) {
  return new S3IamError({ code: 'unsupported', number: 6, message, s3Code: 'NotImplemented', httpStatus: 501, details: {} })
}

/** A failure of the module itself. */
export function internal(message, cause) {
  return new S3IamError({ code: 'internal', number: 5, message, s3Code: 'InternalError', httpStatus: 500, details: {}, cause })
}
