// The small module for gateways: what it lacks it says, and it does not stand in the complete one's way. What it
// answers is held to the case files (`cargo xtask test wasm`).
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import aws4 from 'aws4'
import * as gateway from 's3iam-wasm/gateway'
import { inNode } from './in-node.mjs'

const { Account, Iam, Layers, Policy, PolicySet, S3IamError, Signer, Verifier, classify, storedContentEncoding, validate } = gateway
const DOCUMENT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}]}'

function thrownBy(work) {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof S3IamError, `${error?.stack}`)
    return error
  }
  assert.fail('nothing was thrown')
}

const AWS4_KEY = { accessKey: 'alice', secretKey: 'alice-and-her-secret' }

/** An upload as alice's client signs it now. */
function signedNow(payload = 'UNSIGNED-PAYLOAD') {
  const given = { 'x-amz-content-sha256': payload, 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
  const options = { service: 's3', region: 'us-east-1', host: 's3.example.com', method: 'PUT', path: '/b/k', headers: given }
  const { headers } = aws4.sign(options, { accessKeyId: AWS4_KEY.accessKey, secretAccessKey: AWS4_KEY.secretKey })
  return { method: 'PUT', url: '/b/k', headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])) }
}

const QUESTION = { action: 's3:GetObject', bucket: 'b', object: 'k' }

const REQUEST = { method: 'PUT', url: '/b/k', headers: { host: 'h' } }
const FORM = { fields: [['key', 'k']] }

describe('what it lacks', () => {
  const policy = Policy.builtIn('readonly')
  const iam = () => Iam.load('{"version": 1, "users": {}}')
  const lacking = {
    'accounts': () => new Account({ credential: 'root' }),
    'the AWS dialect': () => Policy.parse(DOCUMENT, { dialect: 'aws' }),
    'public policies': () => Policy.parse(DOCUMENT).isPublic,
    'public statements': () => Policy.parse(DOCUMENT).publicStatements,
    'findings in the AWS dialect': () => validate(DOCUMENT, { dialect: 'aws' }),
    'bucket policies that decide': () => Policy.parse(DOCUMENT, { kind: 'bucket' }),
    'a policy’s bucket': () => Policy.parse(DOCUMENT, { kind: 'bucket', bucket: 'b' }),
    'explanations': () => policy.explain(QUESTION),
    'batches': () => policy.decideMany({ actions: ['s3:GetObject'] }),
    'allowed actions': () => policy.allowedActions({ bucket: 'b', object: 'k' }),
    'access': () => policy.access({ action: 's3:GetObject' }),
    'explanations of a set': () => new PolicySet([policy]).explain(QUESTION),
    'principals': () => policy.decide({ ...QUESTION, principal: { type: 'anonymous' } }),
    'layers': () => new Layers(),
    'findings for a bucket': () => validate(DOCUMENT, { kind: 'bucket', bucket: 'b' }),
    'SigV2': () => new Verifier({ allowSigv2: true }),
    'SigV4A': () => new Verifier({ allowSigv4a: true }),
    'SigV2 of a directory': () => Iam.load('{"version": 1, "users": {}}', { allowSigv2: true }),
    'a least chunk': () => new Verifier({ requireMinChunk: true }),
    'a largest chunk': () => new Verifier({ maxChunkBytes: 65536 }),
    'readers of anonymous bodies': () => new Verifier().anonymousBody(REQUEST),
    'readers of verified bodies': () => new Verifier().addKey(AWS4_KEY).verify(signedNow()).bodyReader(),
    'forms': () => new Verifier().verifyPost(REQUEST, 'b', FORM),
    'forms that are authorized': () => iam().authorizePost(REQUEST, FORM),
    'diagnoses': () => new Verifier().diagnose(REQUEST),
    'diagnoses of a directory': () => iam().diagnose(REQUEST),
    'keys that are removed': () => new Verifier().removeKey('AKIDEXAMPLE'),
    'forms of authentication': () => classify(REQUEST),
    'stored encodings': () => storedContentEncoding('aws-chunked'),
    'signing': () => new Signer({ accessKey: 'a', secretKey: 'b' }),
  }
  for (const [name, use] of Object.entries(lacking)) {
    test(`${name} is an error that says what to import`, () => {
      const { code, message } = thrownBy(use)
      assert.equal(code, 'unsupported')
      assert.match(message, /^s3iam-wasm\/gateway is without .+: import s3iam-wasm$/)
    })
  }

  test('the error is that of the core’s table', () => {
    const shape = ({ code, number, s3Code, httpStatus, details }) => ({ code, number, s3Code, httpStatus, details })
    const headers = { authorization: 'AWS4-ECDSA-P256-SHA256 Credential=x' }
    const fromCore = thrownBy(() => new Verifier().verify({ method: 'GET', url: '/b/k', headers }))
    assert.deepEqual(shape(thrownBy(lacking.accounts)), shape(fromCore))
  })

  test('what is turned off there need not be turned off', () => {
    const options = { allowSigv2: false, allowSigv4a: false, requireMinChunk: false }
    assert.equal(new Verifier(options).verify(REQUEST).anonymous, true)
  })

  test('bodies in chunks are refused, and taken for nothing else', () => {
    const { code, message } = thrownBy(() => new Verifier().addKey(AWS4_KEY).verify(signedNow('STREAMING-UNSIGNED-PAYLOAD-TRAILER')))
    assert.equal(code, 'unsupported', message)
  })

  test('a mistake is still called a mistake', () => {
    assert.equal(thrownBy(() => validate(DOCUMENT, { dialect: 'gcp' })).code, 'invalid-argument')
    assert.equal(thrownBy(() => validate(DOCUMENT, { kind: 'role' })).code, 'invalid-argument')
  })

  test('a policy of a kind that the dialect of MinIO does not have is one of an identity', () => {
    assert.equal(Policy.parse(DOCUMENT, { kind: 'boundary' }).decide(QUESTION).allowed, true)
  })

  test('findings of a bucket policy by itself are there', () => {
    const finding = validate(DOCUMENT, { kind: 'bucket' }).findings.find(({ severity }) => severity === 'error')
    assert.match(finding.message, /Principal/)
  })
})

describe('beside the complete module', () => {
  const ask = "new Account({ credential: 'root' }).decide({ action: 's3:GetObject', bucket: 'b' }).layer"

  for (const order of [['s3iam-wasm/gateway', 's3iam-wasm'], ['s3iam-wasm', 's3iam-wasm/gateway']]) {
    test(`${order.join(' before ')}: both are complete`, () => {
      const [first, second] = order
      const program = `
        import { Account } from '${first}'
        import { Account as Other } from '${second}'
        console.log(Account === Other, ${ask})`
      assert.equal(inNode(program), 'true owner')
    })
  }

  test('the complete one cannot come once the other was asked', () => {
    const program = `
      import { Policy } from 's3iam-wasm/gateway'
      const policy = Policy.builtIn('readonly')
      await import('s3iam-wasm').catch((error) => console.log(error.code, error.message))
      console.log(policy.decide({ action: 's3:GetObject', bucket: 'b', object: 'k' }).outcome)`
    assert.deepEqual(inNode(program).split('\n'), [
      'invalid-argument s3iam-wasm/gateway is in use already: load s3iam-wasm before it is asked',
      'allow',
    ])
  })

  test('the names are the same', () => {
    const program = "import * as complete from 's3iam-wasm'; console.log(Object.keys(complete).join())"
    assert.equal(inNode(program), Object.keys(gateway).join())
  })

  test('the entry for browsers takes bytes', () => {
    const program = `
      import { readFileSync } from 'node:fs'
      import init, { Account, initSync, validate } from '../js/gateway.js'
      initSync(readFileSync('../js/module/gateway/s3iam_bg.wasm'))
      await init()
      console.log(validate('{').status)
      try { new Account({ credential: 'root' }) } catch (error) { console.log(error.code) }`
    assert.deepEqual(inNode(program).split('\n'), ['unreadable', 'unsupported'])
  })
})
