import { type Decision, type ErrorCode, Policy, S3IamError, type Verified, Verifier } from 's3iam'

const decision: Decision = Policy.builtIn('writeonly').decide({ action: 's3:PutObject', bucket: 'b', object: 'k' })
if (decision.outcome !== 'allow') throw new Error(decision.reason)

const verified: Verified = new Verifier().verify({ method: 'GET', url: '/', headers: [['Host', 'localhost']] })
if (!verified.anonymous) throw new Error(verified.accessKey)

let code: ErrorCode | undefined
try {
  Policy.parse('{')
} catch (error) {
  if (error instanceof S3IamError) code = error.code
}
if (code !== 'policy-unreadable') throw new Error(code ?? 'nothing was thrown')
