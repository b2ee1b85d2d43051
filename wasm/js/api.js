// Everything that users see, whatever loaded the module.

import { call } from './engine.js'

export { Account } from './account.js'
export { Access } from './asked.js'
export { BodyReader, bodyTransformStream, storedContentEncoding } from './body.js'
export { classify } from './diagnosis.js'
export { AccessDenied, DirectoryError, OperationError, PolicyError, S3IamError, SignatureError } from './errors.js'
export { Iam, Verdict } from './iam.js'
export { Layers } from './layers.js'
export { Policy, PolicySet, builtInPolicies, validate } from './policy.js'
export { ChunkSigner, Signer } from './signer.js'
export { Upload } from './upload.js'
export { Verifier } from './verifier.js'

/** The version of the module. */
export function version() {
  return call((raw) => raw.version())
}
