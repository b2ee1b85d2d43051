// What TypeScript makes of the package: compiled, never run. An error that must come is announced by
// `@ts-expect-error`, so that its absence fails the build as well.
import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import {
  AccessDenied,
  Account,
  type AccountDecision,
  type Decision,
  DirectoryError,
  type ErrorCode,
  type Finding,
  Iam,
  OperationError,
  Policy,
  PolicyError,
  PolicySet,
  S3IamError,
  SignatureError,
  Verdict,
  Verifier,
  builtInPolicies,
  validate,
} from 's3iam'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function expect<_T extends true>() {}

// Policies.
const policy = Policy.parse('{}', { dialect: 'minio', kind: 'bucket', lenient: true })
expect<Equal<typeof policy, Policy>>()
Policy.parse(Buffer.from('{}'))
Policy.parse(new Uint8Array())
expect<Equal<typeof policy.findings, readonly Finding[]>>()
const decision = policy.decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' })
expect<Equal<typeof decision, Decision>>()
expect<Equal<typeof decision.outcome, 'allow' | 'explicit_deny' | 'implicit_deny'>>()
expect<Equal<NonNullable<typeof decision.statement>['sid'], string | null>>()
policy.decide({ action: 's3:GetObject', bucket: 'b', object: 'k', account: 'a', isOwner: false, denyOnly: true })
policy.decide({ action: 's3:ListBucket', bucket: 'b', context: { prefix: 'a', n: 1, b: true, t: new Date(), l: ['x', 1] } })
policy.decide({ action: 's3:ListAllMyBuckets' })
new PolicySet([policy, Policy.builtIn('readonly')]).decide({ action: 's3:GetObject', bucket: 'b' })
expect<Equal<ReturnType<typeof builtInPolicies>, Record<string, string>>>()
const validation = validate('{}', { dialect: 'aws' })
expect<Equal<typeof validation.status, 'unreadable' | 'invalid' | 'refused' | 'good'>>()
expect<Equal<(typeof validation.findings)[number]['span']['start']['columnUtf16'], number>>()

// @ts-expect-error a misspelt dialect
Policy.parse('{}', { dialect: 'ceph' })
// @ts-expect-error a misspelt option
Policy.parse('{}', { lenint: true })
// @ts-expect-error a policy is parsed, not constructed
new Policy()
// @ts-expect-error an action is needed
policy.decide({ bucket: 'b' })
// @ts-expect-error either a resource or a bucket
policy.decide({ action: 's3:GetObject', resource: 'b/k', bucket: 'b' })
// @ts-expect-error an object has a bucket
policy.decide({ action: 's3:GetObject', object: 'k' })
// @ts-expect-error decisions do not change
decision.outcome = 'allow'
// @ts-expect-error validating is not lenient
validate('{}', { lenient: true })
// @ts-expect-error a set is made of policies
new PolicySet(['{}'])

// Accounts.
const account = new Account({ credential: 'temporary', policies: [policy], sessionPolicy: '{}', parentIsRoot: true })
const answer = account.decide({ action: 's3:GetObject', bucket: 'b', denyOnly: true, bucketPolicy: policy })
expect<Equal<typeof answer, AccountDecision>>()
expect<Equal<typeof answer.layer, 'owner' | 'identity' | 'session' | 'bucket'>>()
account.decideOperation({ operation: 'ListBuckets', buckets: ['a', 'b'] })
account.decideOperation({ operation: 'CopyObject', bucket: 'b', object: 'k', copySource: { bucket: 'b', object: 's' } })
Policy.parse('{}', { kind: 'bucket', bucket: 'b' })
// @ts-expect-error a credential is one of five
new Account({ credential: 'admin' })
// @ts-expect-error the credential says who the owner is
account.decide({ action: 's3:GetObject', bucket: 'b', isOwner: true })
// @ts-expect-error an operation is needed
account.decideOperation({ bucket: 'b' })
// @ts-expect-error only an account has layers
policy.decide({ action: 's3:GetObject' }).layer

// Signatures.
const verifier = new Verifier({ region: 'us-east-1', services: ['s3'], maxSkewSeconds: 60, errorProfile: 'minio' })
verifier
  .addKey({ accessKey: 'a', secretKey: 's' })
  .addKey({ accessKey: 'b', secretKey: 's', sessionToken: 't', expires: new Date(), enabled: false })
const verified = verifier.verify({ method: 'GET', url: '/', headers: { host: 'h' } })
expect<Equal<typeof verified.accessKey, string | null>>()
if (!verified.anonymous) {
  expect<Equal<typeof verified.accessKey, string>>()
  expect<Equal<typeof verified.signedAt, Date>>()
  expect<Equal<typeof verified.form, 'sigv4-header' | 'sigv4-presigned'>>()
}
// @ts-expect-error a key has a secret
verifier.addKey({ accessKey: 'a' })

// Requests, in every form that they come in.
const iam = Iam.load('{}', { domains: ['s3.example.test'], region: 'us-east-1' })
declare const message: IncomingMessage
declare const message2: Http2ServerRequest
expect<Equal<ReturnType<(typeof iam)['authorize']>, Verdict>>()
iam.authorize(message)
iam.authorize(message, { requestId: 'R1', objectTags: { env: 'prod' }, body: Buffer.from(''), secure: true })
iam.authorize(message2)
iam.authorize({ method: 'GET', url: '/b/k', rawHeaders: ['Host', 'h'] as const, now: Date.now() })
iam.authorize({ method: 'GET', url: '/b/k', headers: [['Host', 'h']], now: new Date() })
iam.authorize({ method: 'GET', url: '/b/k', headers: new Map([['Host', 'h']]), remoteAddress: undefined })
iam.authorize({ method: 'GET', url: '/b/k', headers: new Headers() })
iam.authorize({ method: 'GET', url: '/b/k', headers: message.headers })
verifier.verify(message, { now: 0 })
// @ts-expect-error the target is needed
iam.authorize({ method: 'GET', headers: [] })
// @ts-expect-error a body is bytes
iam.authorize({ method: 'GET', url: '/', headers: [], body: 'text' })
// @ts-expect-error a misspelt fact
iam.authorize(message, { objectTag: {} })

// Verdicts and errors.
const verdict = iam.authorize(message)
expect<Equal<typeof verdict.allowed, boolean>>()
expect<Equal<typeof verdict.user, string | null>>()
expect<Equal<typeof verdict.decision, Decision | null>>()
expect<Equal<typeof verdict.error, S3IamError | null>>()
expect<Equal<(typeof verdict.keys)[number]['versionId'], string | null>>()
const who: string | null = verdict.orThrow().toJSON().user
void who
// @ts-expect-error verdicts do not change
verdict.allowed = true
// @ts-expect-error verdicts come from authorize
new Verdict()

try {
  iam.replace('{}')
} catch (error) {
  if (error instanceof PolicyError) expect<Equal<typeof error.findings, readonly Finding[]>>()
  if (error instanceof S3IamError) {
    expect<Equal<typeof error.code, ErrorCode>>()
    expect<Equal<typeof error.details, Readonly<Record<string, string>>>>()
    if (error.code === 'signature-does-not-match') console.log(error.httpStatus)
    // @ts-expect-error there is no such code
    if (error.code === 'signature-mismatch') console.log(error.httpStatus)
  }
}
for (const type of [AccessDenied, DirectoryError, OperationError, SignatureError]) {
  expect<Equal<typeof type.prototype.httpStatus, number>>()
}
