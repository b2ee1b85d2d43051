import { call } from './engine.js'

export { S3IamError } from './errors.js'
export { Iam, Verdict } from './iam.js'
export { Policy, PolicySet, builtInPolicies, validate } from './policy.js'
export { Verifier } from './verifier.js'

/** The version of the package. */
export function version() {
  return call((raw) => raw.version())
}
