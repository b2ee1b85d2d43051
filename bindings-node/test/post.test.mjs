// Uploads by browser forms.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { Iam, S3IamError, Signer, Upload, Verifier } from 's3iam'

const ALICE = { accessKey: 'alice', secretKey: 'alice-secret-key' }
const now = Date.UTC(2026, 0, 15, 12)
const request = {
  method: 'POST',
  url: '/bucket',
  headers: { host: 's3.example.com', 'content-type': 'multipart/form-data; boundary=b' },
  now,
}
const signer = new Signer(ALICE)
const verifier = new Verifier().addKey(ALICE)
const directory = (policy) =>
  `{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key", "policies": ["${policy}"]}}}`
const iam = Iam.load(directory('readwrite'))

/** The fields of a signed form. */
const form = (draft = {}) =>
  signer.postPolicy({ bucket: 'bucket', keyPrefix: 'user/', expiration: now + 3_600_000, now, ...draft })

const limited = { conditions: [{ contentLength: [5, 10] }] }

describe('a signed form', () => {
  test('says who uploads what', () => {
    const fields = form({
      conditions: [
        { field: 'acl', equals: 'private' },
        { field: 'x-amz-meta-owner', equals: 'Élise' },
        { field: 'success_action_status', equals: '201' },
        { field: 'success_action_redirect', equals: 'https://example.com/done' },
        { contentLength: [5, 10] },
      ],
    })
    const verified = verifier.verifyPost(request, 'bucket', { fields, fileName: 'été.jpg' })
    const { anonymous, accessKey, form: name, signedAt, key, upload } = verified
    assert.deepEqual([anonymous, accessKey, name, Number(signedAt)], [false, 'alice', 'post-policy', now])
    assert.equal(key, 'user/été.jpg')
    assert.ok(upload instanceof Upload)
    assert.deepEqual(
      { ...upload },
      {
        leastLength: 5,
        mostLength: 10,
        successStatus: 201,
        successRedirect: 'https://example.com/done',
        headers: [
          ['x-amz-acl', 'private'],
          ['x-amz-meta-owner', 'Élise'],
        ],
      },
    )
    assert.throws(() => (verified.key = 'other'), TypeError)
    assert.throws(() => (upload.mostLength = Infinity), TypeError)
    assert.throws(() => upload.headers.push(['x', 'y']), TypeError)
  })

  test('takes its fields as text or bytes, from whatever lists pairs', () => {
    const pairs = form()
    const asBytes = pairs.map(([name, value]) => [Buffer.from(name), new Uint8Array(Buffer.from(value))])
    const data = new FormData()
    for (const [name, value] of pairs) data.append(name, value)
    for (const fields of [pairs, asBytes, new Map(pairs), data, pairs.values()]) {
      const verified = verifier.verifyPost(request, 'bucket', { fields, fileName: Buffer.from('a') })
      assert.equal(verified.key, 'user/a')
      assert.equal(verified.upload.mostLength, Infinity)
      assert.equal(verified.upload.leastLength, 0)
    }
  })

  test('limits the length of its file', () => {
    const fields = form(limited)
    const { upload } = verifier.verifyPost(request, 'bucket', { fields })
    const large = { code: 'form-file-too-large', s3Code: 'EntityTooLarge', httpStatus: 400 }
    const small = { code: 'form-file-too-small', s3Code: 'EntityTooSmall' }
    upload.checkLength(0)
    upload.checkLength(10, false)
    upload.checkLength(5, true)
    assert.throws(() => upload.checkLength(11), large)
    assert.throws(() => upload.checkLength(4, true), small)
    assert.throws(() => verifier.verifyPost(request, 'bucket', { fields, fileLength: 11 }), large)
    assert.throws(() => verifier.verifyPost(request, 'bucket', { fields, fileLength: 0 }), small)
    assert.equal(verifier.verifyPost(request, 'bucket', { fields, fileLength: 10 }).upload.mostLength, 10)
  })

  test('is refused with anything changed', () => {
    const fields = form()
    const changed = (name, value) => fields.map(([n, v]) => [n, n === name ? value : v])
    const refused = (given, code, bucket = 'bucket') =>
      assert.throws(() => verifier.verifyPost(request, bucket, { fields: given }), { code })
    refused(changed('x-amz-signature', '0'.repeat(64)), 'signature-does-not-match')
    refused(changed('key', 'other/key'), 'form-condition-failed')
    refused([...fields, ['acl', 'public-read']], 'form-field-not-covered')
    refused([...fields, ['key', 'user/k']], 'form-field-repeated')
    refused(fields, 'form-condition-failed', 'other')
    refused(fields.slice(1), 'form-key-missing')
    assert.throws(
      () => verifier.verifyPost({ ...request, now: now + 3_600_000 }, 'bucket', { fields }),
      (error) => error instanceof S3IamError && error.code === 'form-policy-expired' && error.httpStatus === 403,
    )
  })

  test('is no request that verify takes', () => {
    assert.throws(() => verifier.verify(request), { code: 'form-fields-needed' })
    const verdict = iam.authorize(request)
    assert.deepEqual([verdict.allowed, verdict.error.code, verdict.upload], [false, 'form-fields-needed', null])
  })

  test('of version 2 is taken where that is allowed', () => {
    const policy = Buffer.from(
      JSON.stringify({ expiration: '2026-01-15T13:00:00.000Z', conditions: [{ bucket: 'bucket' }, { key: 'k' }] }),
    ).toString('base64')
    const signature = createHmac('sha1', ALICE.secretKey).update(policy).digest('base64')
    const fields = [['key', 'k'], ['AWSAccessKeyId', 'alice'], ['policy', policy], ['signature', signature]]
    assert.throws(() => verifier.verifyPost(request, 'bucket', { fields }), { code: 'auth-form-unsupported' })
    const old = new Verifier({ allowSigv2: true }).addKey(ALICE)
    assert.equal(old.verifyPost(request, 'bucket', { fields }).form, 'post-policy-v2')
  })
})

test('a form that nobody signed says so', () => {
  const { anonymous, accessKey, form, signedAt, key } = verifier.verifyPost(request, 'bucket', { fields: [['key', '/a']] })
  assert.deepEqual([anonymous, accessKey, form, signedAt, key], [true, null, null, null, 'a'])
  assert.equal(iam.authorizePost(request, { fields: [['key', 'a']] }).error.code, 'access-denied')
})

describe('a verdict on a form', () => {
  test('has the upload', () => {
    const verdict = iam.authorizePost(request, { fields: form(limited), fileName: 'cat.jpg' }, { requestId: 'R1' })
    assert.equal(verdict.orThrow(), verdict)
    assert.deepEqual([verdict.user, verdict.operation, verdict.bucket, verdict.key], ['alice', 'PostObject', 'bucket', 'user/cat.jpg'])
    assert.deepEqual([verdict.upload.leastLength, verdict.upload.mostLength, verdict.upload.successStatus], [5, 10, 204])
    assert.throws(() => verdict.upload.checkLength(11), { code: 'form-file-too-large' })
    assert.throws(() => verdict.bodyReader(), { code: 'invalid-argument' })
  })

  test('is refused to who may not', () => {
    const readonly = Iam.load(directory('readonly'), { errorProfile: 'minio' })
    const verdict = readonly.authorizePost(request, { fields: form() }, { requestId: 'R7' })
    assert.deepEqual([verdict.allowed, verdict.user, verdict.httpStatus, verdict.upload], [false, 'alice', 403, null])
    assert.match(verdict.errorXml, /<Code>AccessDenied<\/Code>.*R7/s)
  })

  test('of another request has none', () => {
    const get = { method: 'GET', url: '/bucket/k', headers: { host: 'h' }, now }
    const headers = Object.fromEntries([['host', 'h'], ...signer.sign(get)])
    const verdict = iam.authorize({ ...get, headers })
    assert.deepEqual([verdict.allowed, verdict.upload], [true, null])
  })
})

describe('what is no form', () => {
  const calls = [
    (given) => verifier.verifyPost(request, 'bucket', given),
    (given) => iam.authorizePost(request, given),
  ]
  const refused = (given, ...codes) => {
    for (const call of calls) {
      assert.throws(() => call(given), (error) => error instanceof S3IamError && codes.includes(error.code))
    }
  }

  test('is refused', () => {
    const key = [['key', 'k']]
    for (const given of [
      undefined,
      null,
      'key=k',
      {},
      { fields: undefined },
      { fields: null },
      { fields: 'key' },
      { fields: { key: 'k' } },
      { fields: ['key', 'k'] },
      { fields: [['key']] },
      { fields: [['key', 1]] },
      { fields: [[null, 'k']] },
      { fields: key, fileName: 1 },
      { fields: key, fileLength: '5' },
      { fields: key, fileLength: -1 },
      { fields: key, fileLength: 1.5 },
      { fields: key, fileLength: NaN },
    ]) {
      refused(given, 'invalid-argument')
    }
    refused({ fields: [['key', '\ud800']] }, 'invalid-utf8')
    refused({ fields: [['key', 'k'.repeat(2 ** 21)]] }, 'malformed-packed-request')
  })

  test('has a bucket, and a length that is one', () => {
    for (const bucket of [undefined, null, 1, Buffer.from('bucket')]) {
      assert.throws(() => verifier.verifyPost(request, bucket, { fields: form() }), { code: 'invalid-argument' })
    }
    const { upload } = verifier.verifyPost(request, 'bucket', { fields: form() })
    for (const received of [undefined, null, '5', -1, 0.5, NaN, Infinity, 2 ** 53]) {
      assert.throws(() => upload.checkLength(received), { code: 'invalid-argument' })
    }
    assert.throws(() => upload.checkLength(1, 'yes'), { code: 'invalid-argument' })
    assert.throws(() => new Upload(), { code: 'invalid-argument' })
  })
})
