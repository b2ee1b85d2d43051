/** Everything that goes wrong is thrown as one of these; `code` is stable and the same in every language. */
export class S3IamError extends Error {
  constructor(message, { code = 'internal', number = 5, s3Code = 'InternalError', httpStatus = 500, details = {}, findings, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.number = number
    this.s3Code = s3Code
    this.httpStatus = httpStatus
    this.details = details
    if (findings !== undefined) this.findings = findings
  }

  get name() {
    return 'S3IamError'
  }
}

/** An error from its plain data, as `error_json` writes it. */
export function errorFrom({ message, ...rest }) {
  return new S3IamError(message, rest)
}

/** A wrong use of this package. */
export function invalidArgument(message) {
  return new S3IamError(message, { code: 'invalid-argument', number: 1, s3Code: 'InvalidArgument', httpStatus: 400 })
}

/** What a call into the module threw: JSON text for an error, anything else for a module that gave up. */
export function translated(thrown) {
  if (typeof thrown === 'string') {
    const { error, findings } = JSON.parse(thrown)
    return errorFrom(findings === undefined ? error : { ...error, findings: findings.findings })
  }
  if (thrown instanceof S3IamError) return thrown
  if (thrown instanceof WebAssembly.RuntimeError) {
    return new S3IamError('The module stopped and cannot be used any more; reload it.', { cause: thrown })
  }
  return thrown
}
