// Compiled, never run: what users may write, and what the compiler must refuse.

import { createServer } from 'node:http'
import init, {
  Account,
  type Decision,
  type Layer,
  type ErrorCode,
  type Finding,
  Iam,
  Policy,
  PolicyError,
  PolicySet,
  S3IamError,
  Verifier,
  builtInPolicies,
  initSync,
  validate,
  version,
} from 's3iam-wasm'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

same<ReturnType<typeof init>, Promise<void>>(true)
await init()
await init(new URL('s3iam.wasm', import.meta.url))
await init(fetch('s3iam.wasm'))
initSync(new Uint8Array())
same<ReturnType<typeof version>, string>(true)

const { status, findings } = validate('{}', { dialect: 'aws', kind: 'bucket' })
same<typeof status, 'unreadable' | 'invalid' | 'refused' | 'good'>(true)
same<typeof findings, readonly Finding[]>(true)
validate(new Uint8Array())
// @ts-expect-error there is no such dialect
validate('{}', { dialect: 'gcp' })
// @ts-expect-error a policy is text or bytes
validate({ Version: '2012-10-17' })

const account = new Account({ credential: 'anonymous' })
const { layer } = account.decide({ action: 's3:GetObject', bucket: 'b', bucketPolicy: Policy.parse('{}') })
same<typeof layer, Layer>(true)
account.decideOperation({ operation: 'ListBuckets', buckets: ['a'] })
// @ts-expect-error a credential is one of five
new Account({ credential: 'admin' })

const policy = Policy.parse('{}', { lenient: true })
const decision = policy.decide({
  action: 's3:GetObject',
  bucket: 'photos',
  object: 'cat.jpg',
  context: { 'aws:username': 'bob', 's3:max-keys': 10, 'aws:CurrentTime': new Date(), tags: ['a', 'b'] },
})
same<typeof decision, Decision>(true)
same<typeof decision.outcome, 'allow' | 'explicit_deny' | 'implicit_deny'>(true)
const line: number | undefined = decision.statement?.start
new PolicySet([policy, Policy.builtIn('readonly')]).decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::photos/x' })
// @ts-expect-error a question has an action
policy.decide({ resource: 'arn:aws:s3:::photos/x' })
// @ts-expect-error either a resource, or bucket and object
policy.decide({ action: 's3:GetObject', resource: 'photos/x', bucket: 'photos' })
// @ts-expect-error decisions are not changed
decision.outcome = 'allow'
// @ts-expect-error a policy is made by parse
new Policy()
same<ReturnType<typeof builtInPolicies>, Record<string, string>>(true)

const verified = new Verifier({ region: 'eu-west-1' })
  .addKey({ accessKey: 'AK', secretKey: 'SK', expires: Date.now() + 1000 })
  .verify({ method: 'GET', url: '/b/k', headers: new Headers({ host: 'h' }) })
if (verified.anonymous) same<typeof verified.accessKey, null>(true)
else same<typeof verified.signedAt, Date>(true)
// @ts-expect-error misspelt options are found
new Verifier({ requireContentSha: false })

const iam = Iam.load('{}', { domains: ['s3.example.com'] })
const verdict = iam.authorize({ method: 'GET', url: '/b/k', rawHeaders: ['Host', 'h'], secure: true }, { now: new Date() })
same<typeof verdict.user, string | null>(true)
const status2: number = verdict.orThrow().httpStatus
createServer((request, response) => {
  const answer = iam.authorize(request)
  response.writeHead(answer.httpStatus).end(answer.errorXml)
})

try {
  Policy.parse('{')
} catch (error) {
  if (error instanceof PolicyError) {
    same<typeof error.code, ErrorCode>(true)
    for (const { span } of error.findings) console.log(span.start.line, span.start.columnUtf16)
  } else if (error instanceof S3IamError) {
    // @ts-expect-error there is no such code
    console.log(error.code === 'no-such-code')
  }
}

export { line, status2 }
