// Compiled, never run: what users may write, and what the compiler must refuse.

import { createServer } from 'node:http'
import init, {
  Access,
  Account,
  type AccountDecision,
  type AuthenticationForm,
  BodyReader,
  type ChunkSigner,
  type Decision,
  type Diagnosis,
  type Layer,
  type ErrorCode,
  type Explanation,
  type Finding,
  Iam,
  type LayeredDecision,
  Layers,
  Policy,
  PolicyError,
  type Pairs,
  PolicySet,
  type Principal,
  S3IamError,
  Signer,
  type Upload,
  Verifier,
  bodyTransformStream,
  builtInPolicies,
  classify,
  initSync,
  storedContentEncoding,
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

// Explanations, many questions, allowed actions and access.
const explained = policy.explain({ action: 's3:GetObject', bucket: 'b', object: 'k' })
same<typeof explained, Explanation>(true)
same<(typeof explained.statements)[number]['applies'], boolean | null>(true)
same<ReturnType<Account['decideMany']>, readonly AccountDecision[]>(true)
same<ReturnType<Policy['allowedActions']>, readonly string[]>(true)
const access = policy.access({ action: 's3:ListBucket', context: { prefix: 'a' }, complete: true })
same<typeof access, Access>(true)
same<ReturnType<typeof access.allows>, boolean | null>(true)
// @ts-expect-error access is about all resources
policy.access({ action: 's3:ListBucket', bucket: 'b' })
// @ts-expect-error answers are not changed
explained.statements[0].applies = true

// Principals and layers.
const principal: Principal = { type: 'user', arn: 'arn:aws:iam::111122223333:user/a' }
policy.decide({ action: 's3:GetObject', bucket: 'b', principal })
const scp = Policy.parse('{}', { dialect: 'aws', kind: 'scp' })
const layers = new Layers({ identity: [policy], scp: [[scp], [scp, scp]], publicAccessBlock: { ignorePublicAcls: true } })
const layered = layers.decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', principal, resourceAccount: '1' })
same<typeof layered, LayeredDecision>(true)
// @ts-expect-error levels are lists
new Layers({ scp: [policy] })
// @ts-expect-error layers need to know who asks
layers.decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' })
// @ts-expect-error which resources layers allow depends on the account of each
layers.access({ action: 's3:GetObject', principal })

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

// Bodies.
const reader = verdict.bodyReader()
same<typeof reader, BodyReader>(true)
same<ReturnType<typeof reader.push>, Uint8Array>(true)
const released: ReadableStream<Uint8Array> = new Response('').body!.pipeThrough(bodyTransformStream(reader))
if (!verified.anonymous) same<ReturnType<typeof verified.bodyReader>, BodyReader>(true)
const request = { method: 'POST', url: '/b', headers: { host: 'h' } }
new Verifier({ allowSigv2: true, allowSigv4a: false, requireMinChunk: true, maxChunkBytes: 65536, domains: ['h'] }).anonymousBody(request)
same<ReturnType<typeof storedContentEncoding>, string | null>(true)
// @ts-expect-error nobody signed, perhaps: anonymousBody is for that
verified.bodyReader()
// @ts-expect-error readers come from what was verified
new BodyReader()

// Forms, diagnoses, and signing.
const post = new Verifier().verifyPost(request, 'b', { fields: [['key', new Uint8Array()]], fileName: 'a', fileLength: 5 })
same<typeof post.upload, Upload>(true)
same<typeof verdict.upload, Upload | null>(true)
iam.authorizePost(request, { fields: new Map([['key', 'k']]) }).upload?.checkLength(5, true)
// @ts-expect-error fields have an order
iam.authorizePost(request, { fields: { key: 'k' } })
same<ReturnType<Verifier['diagnose']>, Diagnosis>(true)
same<ReturnType<typeof iam.diagnose>, Diagnosis>(true)
same<ReturnType<Verifier['removeKey']>, boolean>(true)
same<ReturnType<typeof classify>, AuthenticationForm | 'anonymous' | 'bearer'>(true)
const signer = new Signer({ accessKey: 'a', secretKey: 's' }, { algorithm: 'sigv4a', regionSet: '*' })
same<ReturnType<typeof signer.sign>, Pairs>(true)
same<ReturnType<typeof signer.signChunks>['chunks'], ChunkSigner>(true)
// @ts-expect-error SigV2 is not signed
new Signer({ accessKey: 'a', secretKey: 's' }, { algorithm: 'sigv2' })

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

export { line, released, status2 }
