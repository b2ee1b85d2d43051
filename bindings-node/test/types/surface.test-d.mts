// What TypeScript makes of the package: compiled, never run. An error that must come is announced by
// `@ts-expect-error`, so that its absence fails the build as well.
import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import {
  Access,
  AccessDenied,
  Account,
  type AccountDecision,
  type AuthenticationForm,
  BodyReader,
  type BodySummary,
  type Cause,
  type ChunkSigner,
  type Decision,
  type Diagnosis,
  DirectoryError,
  type ErrorCode,
  type Explanation,
  type Finding,
  Iam,
  type LayeredDecision,
  Layers,
  OperationError,
  type Pairs,
  Policy,
  PolicyError,
  PolicySet,
  type Principal,
  S3IamError,
  SignatureError,
  Signer,
  type Upload,
  Verdict,
  Verifier,
  bodyTransform,
  bodyTransformStream,
  builtInPolicies,
  classify,
  storedContentEncoding,
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

// Many questions, explanations and access.
const many = policy.decideMany({
  actions: ['s3:GetObject', 's3:PutObject'],
  resources: ['b/k', { bucket: 'b', object: 'k' }, { bucket: 'b' }],
  contexts: [{}, { prefix: ['a', 1] }],
  account: 'a',
})
expect<Equal<typeof many, readonly Decision[]>>()
policy.decideMany({ actions: ['s3:ListAllMyBuckets'] })
expect<Equal<ReturnType<Account['decideMany']>, readonly AccountDecision[]>>()
const explained = policy.explain({ action: 's3:GetObject', bucket: 'b', object: 'k' })
expect<Equal<typeof explained, Explanation>>()
expect<Equal<(typeof explained.statements)[number]['applies'], boolean | null>>()
expect<Equal<(typeof explained.statements)[number]['effect'], 'Allow' | 'Deny'>>()
expect<Equal<ReturnType<Account['explain']>['decision']['layer'], AccountDecision['layer']>>()
const actions = policy.allowedActions({ bucket: 'b', object: 'k', context: { prefix: 'a' }, denyOnly: true })
expect<Equal<typeof actions, readonly string[]>>()
const access = policy.access({ action: 's3:ListBucket', context: { prefix: 'a' }, complete: true })
expect<Equal<typeof access, Access>>()
expect<Equal<ReturnType<typeof access.allows>, boolean | null>>()
access.allows({ bucket: 'b', object: 'k' })
expect<Equal<(typeof access.layers)[number]['allow'][number]['conditions'][number]['values'], readonly string[]>>()
account.access({ action: 's3:ListBucket', bucketPolicy: policy })
// @ts-expect-error the context of many questions is one of several
policy.decideMany({ actions: ['s3:GetObject'], context: {} })
// @ts-expect-error actions are needed
policy.decideMany({ resources: ['b'] })
// @ts-expect-error access is about all resources
policy.access({ action: 's3:ListBucket', bucket: 'b' })
// @ts-expect-error allowed actions are about all actions
policy.allowedActions({ action: 's3:ListBucket', bucket: 'b' })
// @ts-expect-error access comes from access
new Access()
// @ts-expect-error answers do not change
many.push(decision)
// @ts-expect-error answers do not change
explained.statements[0].applies = true

// Principals.
const principals: Principal[] = [
  { type: 'user', arn: 'arn:aws:iam::111122223333:user/a' },
  { type: 'root', arn: 'arn:aws:iam::111122223333:root' },
  { type: 'role-session', arn: 'arn:aws:sts::111122223333:assumed-role/r/s', role: 'arn:aws:iam::111122223333:role/r' },
  { type: 'federated-user', arn: 'arn:aws:sts::111122223333:federated-user/f' },
  { type: 'federated-user', arn: 'arn:aws:sts::111122223333:federated-user/f', user: 'arn:aws:iam::111122223333:user/a' },
  { type: 'service', name: 'cloudtrail.amazonaws.com' },
  { type: 'federated', provider: 'accounts.google.com' },
  { type: 'anonymous' },
]
const [principal = { type: 'anonymous' }] = principals
if (principal.type === 'role-session') expect<Equal<typeof principal.role, string>>()
policy.decide({ action: 's3:GetObject', bucket: 'b', principal })
// @ts-expect-error a session is one of a role
policy.decide({ action: 's3:GetObject', principal: { type: 'role-session', arn: 'a' } })
// @ts-expect-error a service has no ARN
policy.decide({ action: 's3:GetObject', principal: { type: 'service', arn: 'a' } })
// @ts-expect-error there is no such type
policy.decide({ action: 's3:GetObject', principal: { type: 'group', arn: 'a' } })
// @ts-expect-error an account is asked for itself
account.decide({ action: 's3:GetObject', principal })

// Layers.
const layers = new Layers({
  identity: [policy],
  boundary: policy,
  session: [],
  scp: [[policy], [policy, policy]],
  rcp: [],
  resource: policy,
  endpoint: policy,
  publicAccessBlock: { ignorePublicAcls: true },
})
new Layers()
const acl = { bucket: [{ grantee: { account: '111122223333' }, permission: 'READ' }] } as const
const layered = layers.decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', principal, resourceAccount: '1', acl })
expect<Equal<typeof layered, LayeredDecision>>()
expect<Equal<typeof layered.level, number | undefined>>()
layers.decideMany({ actions: ['s3:GetObject'], resources: ['b/k'], principal })
// @ts-expect-error layers need to know who asks
layers.decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' })
// @ts-expect-error levels are lists
new Layers({ scp: [policy] })
// @ts-expect-error which resources layers allow depends on the account of each
layers.access({ action: 's3:GetObject', principal })
// @ts-expect-error who asks is the principal
layers.decide({ action: 's3:GetObject', principal, account: 'a' })
Policy.parse('{}', { dialect: 'aws', kind: 'scp' })
// @ts-expect-error there is no such kind
Policy.parse('{}', { kind: 'role' })

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
  expect<Equal<typeof verified.form, AuthenticationForm>>()
  expect<Equal<ReturnType<(typeof verified)['bodyReader']>, BodyReader>>()
}
// @ts-expect-error nobody signed, perhaps: `anonymousBody` is for that
verified.bodyReader()
new Verifier({ allowSigv2: true, allowSigv4a: false, requireMinChunk: true, maxChunkBytes: 65536, domains: ['s3.example.test'] })
expect<Equal<ReturnType<(typeof verifier)['removeKey']>, boolean>>()
// @ts-expect-error a key is removed by its name
verifier.removeKey({ accessKey: 'a' })
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

// Bodies.
const reader = verdict.bodyReader()
expect<Equal<ReturnType<(typeof reader)['push']>, Uint8Array>>()
expect<Equal<typeof reader.summary, BodySummary | null>>()
expect<Equal<typeof reader.decodedLength, number | null>>()
message.pipe(bodyTransform(reader))
declare const web: ReadableStream<Uint8Array>
const released: ReadableStream<Uint8Array> = web.pipeThrough(bodyTransformStream(reader))
void released
verifier.anonymousBody(message).push(Buffer.from('')).length
const encoding: string | null = storedContentEncoding('gzip')
void encoding
// @ts-expect-error a body is bytes
reader.push('text')
// @ts-expect-error readers come from what was verified
new BodyReader()

// Browser forms.
const post = verifier.verifyPost(message, 'bucket', { fields: [['key', Buffer.from('k')]], fileName: 'a', fileLength: 5 })
if (!post.anonymous) expect<Equal<typeof post.accessKey, string>>()
expect<Equal<typeof post.upload, Upload>>()
post.upload.checkLength(5, true)
const upload = iam.authorizePost(message, { fields: new Map([['key', 'k']]) }, { requestId: 'R1' }).upload
expect<Equal<typeof upload, Upload | null>>()
// @ts-expect-error the bucket is needed
verifier.verifyPost(message, { fields: [] })
// @ts-expect-error fields have an order
iam.authorizePost(message, { fields: { key: 'k' } })

// Signing.
const signer = new Signer({ accessKey: 'a', secretKey: 's' }, { algorithm: 'sigv4a', regionSet: '*' })
const request = { method: 'PUT', url: '/b/k', headers: { host: 'h' } }
expect<Equal<ReturnType<(typeof signer)['sign']>, Pairs>>()
signer.sign(request, { payload: 'unsigned' })
new Map(signer.sign(request)).get('authorization')?.length
signer.presign(request, 60).length
const { chunks } = signer.signChunks(request, 'signed-trailer')
expect<Equal<typeof chunks, ChunkSigner>>()
chunks.encode(Buffer.from('')).length
chunks.finish({ 'x-amz-checksum-crc32': '' }).length
signer.encodedLength({ kind: 'signed', dataBytes: 1, chunkBytes: 1 }).toFixed()
signer.postPolicy({ bucket: 'b', key: 'k', expiration: new Date(), conditions: [{ contentLength: [0, 1] }] })
// @ts-expect-error there is no such kind
signer.signChunks(request, 'trailer')
// @ts-expect-error SigV2 is not signed
new Signer({ accessKey: 'a', secretKey: 's' }, { algorithm: 'sigv2' })

// Diagnoses.
const diagnosis = verifier.diagnose(message, { canonicalRequest: 'GET' }, { now: 0 })
expect<Equal<typeof diagnosis, Diagnosis>>()
expect<Equal<typeof diagnosis.cause, Cause | null>>()
expect<Equal<ReturnType<typeof classify>, AuthenticationForm | 'anonymous' | 'bearer'>>()
expect<Equal<ReturnType<(typeof iam)['diagnose']>, Diagnosis>>()
iam.diagnose(message, { stringToSign: new Uint8Array() }, { body: new Uint8Array() })
// @ts-expect-error a diagnosis does not change
diagnosis.certain = true

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
