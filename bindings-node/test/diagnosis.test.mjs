// What an operator asks of a single request.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Iam, S3IamError, Signer, Verifier, classify } from 's3iam'

const ALICE = { accessKey: 'alice', secretKey: 'alice-secret-key' }
const now = Date.UTC(2026, 0, 15, 12)
const verifier = new Verifier().addKey(ALICE)
const iam = Iam.load('{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key"}}}')
const get = { method: 'GET', url: '/bucket/a%2Bb', headers: { host: 's3.example.com' }, now }
const signed = (request = get, credentials = ALICE) => ({
  ...request,
  headers: { ...request.headers, ...Object.fromEntries(new Signer(credentials).sign(request)) },
})

describe('a diagnosis', () => {
  test('finds what was changed on the way, beyond doubt', () => {
    const { host, ...others } = signed().headers
    const diagnosis = verifier.diagnose({ ...get, headers: { ...others, host: 's3.example.com:9000' } })
    assert.deepEqual([diagnosis.outcome, diagnosis.code], ['refused', 'signature-does-not-match'])
    assert.deepEqual([diagnosis.cause.code, diagnosis.certain], ['host-port-changed', true])
    assert.ok(diagnosis.cause.sentence.length > 0 && diagnosis.cause.remedy.length > 0)
    assert.deepEqual(diagnosis.differences, [
      { element: 'header host', client: 's3.example.com', server: 's3.example.com:9000' },
    ])
    assert.ok(diagnosis.tried > 0)
    assert.match(diagnosis.canonicalRequest, /^GET\n\/bucket\/a%2Bb\n/)
    assert.match(diagnosis.stringToSign, /^AWS4-HMAC-SHA256\n20260115T120000Z\n/)
    assert.throws(() => (diagnosis.certain = false), TypeError)
  })

  test('tells the client nothing of what is found with the secret', () => {
    const request = signed(get, { ...ALICE, secretKey: 'another-secret-key' })
    const { forClient, safeMessage } = verifier.diagnose(request)
    assert.equal(forClient.code, 'signature-does-not-match')
    assert.ok(safeMessage.startsWith(forClient.message))
    const other = new Verifier().addKey({ ...ALICE, secretKey: 'a-third-secret-key' }).diagnose(request)
    assert.deepEqual(other.forClient, forClient)
  })

  test('compares what the client says that it signed', () => {
    const canonicalRequest = verifier.diagnose(signed(get, { ...ALICE, secretKey: 'x' })).canonicalRequest
    const theirs = canonicalRequest.replace('/bucket/a%2Bb', '/bucket/a+b')
    for (const text of [theirs, Buffer.from(theirs)]) {
      const { differences, forClient } = verifier.diagnose(signed(get, { ...ALICE, secretKey: 'x' }), { canonicalRequest: text })
      assert.deepEqual(differences, [{ element: 'path', client: '/bucket/a+b', server: '/bucket/a%2Bb' }])
      assert.deepEqual(forClient.elements, ['path'])
    }
  })

  test('says that nothing is wrong', () => {
    const { outcome, code, cause, differences } = verifier.diagnose(signed())
    assert.deepEqual([outcome, code, cause, differences], ['verifies', null, null, []])
    assert.equal(verifier.diagnose(get).outcome, 'anonymous')
    assert.equal(verifier.diagnose(signed(), undefined, { now: now + 3_600_000 }).code, 'request-time-too-skewed')
  })

  test('has no secret and no signature of the server in it', () => {
    const request = signed(get, { ...ALICE, secretKey: 'another-secret-key' })
    const right = signed().headers.authorization.match(/Signature=(\w+)/)[1]
    const text = JSON.stringify(verifier.diagnose(request))
    assert.ok(!text.includes(right) && !text.includes(ALICE.secretKey))
  })

  test('of a directory is that of a verifier with its keys', () => {
    const changed = { ...signed(), url: '/bucket/a%252Bb' }
    const { canonicalRequest } = verifier.diagnose(signed(get, { ...ALICE, secretKey: 'x' }))
    for (const asked of [[changed], [changed, { canonicalRequest }], [changed, undefined, { now: 0 }], [get]]) {
      assert.deepEqual(iam.diagnose(...asked), verifier.diagnose(...asked))
    }
    assert.equal(iam.diagnose(changed).cause.code, 'path-encoded-again')
    // Alice may do nothing, but her signature is right.
    assert.equal(iam.authorize(signed()).error.code, 'access-denied')
    assert.equal(iam.diagnose(signed()).outcome, 'verifies')
  })

  test('of a directory knows the keys that it has now', () => {
    const replaced = Iam.load('{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key"}}}')
    assert.equal(replaced.diagnose(signed()).outcome, 'verifies')
    replaced.replace('{"version": 1, "users": {}}')
    assert.equal(replaced.diagnose(signed()).code, 'unknown-access-key')
  })

  test('is made of a request and texts', () => {
    for (const call of [
      () => iam.diagnose(),
      () => iam.diagnose(get, { canonicalRequest: 1 }),
      () => iam.diagnose(get, undefined, 1),
      () => verifier.diagnose(),
      () => verifier.diagnose({}),
      () => verifier.diagnose(get, { canonicalRequest: 1 }),
      () => verifier.diagnose(get, { stringToSign: {} }),
      () => verifier.diagnose(get, { canonical: 'x' }),
      () => verifier.diagnose(get, null),
      () => verifier.diagnose(get, undefined, 1),
    ]) {
      assert.throws(call, (error) => error instanceof S3IamError && error.code === 'invalid-argument')
    }
  })
})

describe('a request is classified', () => {
  const form = (headers, url = '/b/k', method = 'GET') => classify({ method, url, headers })
  const v4a = new Signer(ALICE, { algorithm: 'sigv4a', regionSet: '*' })

  test('by its form', () => {
    assert.equal(form({}), 'anonymous')
    assert.equal(classify(signed()), 'sigv4-header')
    assert.equal(form({ authorization: 'AWS key:signature' }), 'sigv2-header')
    assert.equal(form({ authorization: 'Bearer token' }), 'bearer')
    assert.equal(form({}, new Signer(ALICE).presign(get, 60)), 'sigv4-presigned')
    assert.equal(form({}, v4a.presign(get, 60)), 'sigv4a-presigned')
    assert.equal(form({}, '/b/k?AWSAccessKeyId=a&Expires=1&Signature=s'), 'sigv2-presigned')
    assert.equal(form({ 'content-type': 'multipart/form-data; boundary=b' }, '/b', 'POST'), 'post-policy')
  })

  test('or refused', () => {
    assert.throws(() => form({ authorization: 'Basic dTpw' }), { name: 'SignatureError', code: 'unknown-auth-scheme' })
    assert.throws(() => form({ authorization: 'AWS a:b' }, '/b/k?X-Amz-Signature=s'), { code: 'several-auth-mechanisms' })
    for (const wrong of [undefined, null, 'GET', {}]) assert.throws(() => classify(wrong), { code: 'invalid-argument' })
  })
})
