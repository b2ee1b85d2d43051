// Whatever comes in, there is a clear error with a stable code, or a refusal; never a crash, and never
// anything allowed.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Iam, Policy, PolicySet, S3IamError, Verdict, Verifier, validate } from 's3iam'

const NOT_TEXT = [undefined, null, 1, {}, [], () => {}, Symbol('x'), new DataView(new ArrayBuffer(8)), new Uint16Array(2)]

/** Fails unless `call` throws an error of this package. */
function refuses(call, ...codes) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof S3IamError, `${error?.stack}`)
    assert.ok(error.message.length > 0)
    assert.ok(Number.isInteger(error.number) && Number.isInteger(error.httpStatus))
    if (codes.length > 0) assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`)
    return true
  })
}

describe('policies', () => {
  const unreadable = {
    'nothing': '',
    'half of one': '{"Version":"2012-10-17","Statement":[',
    'another type': '[]',
    'no JSON': 'Effect: Allow',
    'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    'ten thousand brackets': '['.repeat(10_000),
    'a NUL': '{"Version":"2012-10-17\0"}',
  }
  for (const [name, source] of Object.entries(unreadable)) {
    test(`${name} is refused`, () => {
      refuses(() => Policy.parse(source), 'policy-unreadable', 'policy-invalid')
      assert.notEqual(validate(source).status, 'good')
    })
  }

  test('half a surrogate pair is refused', () => {
    refuses(() => Policy.parse('{"Id":"\ud800"}'), 'invalid-utf8')
  })

  test('one that is too large is refused', () => {
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${'x'.repeat(21 * 1024)}` }
    const source = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    refuses(() => Policy.parse(source), 'policy-too-large', 'policy-invalid')
  })

  test('what is no document is refused', () => {
    for (const source of NOT_TEXT) {
      refuses(() => Policy.parse(source), 'invalid-argument')
      refuses(() => validate(source), 'invalid-argument')
    }
  })

  test('an option that does not exist or has the wrong type is refused', () => {
    refuses(() => Policy.parse('{}', { lenint: true }), 'invalid-argument')
    refuses(() => Policy.parse('{}', { lenient: 'yes' }), 'invalid-argument')
    refuses(() => Policy.parse('{}', { dialect: 'ceph' }), 'invalid-argument')
    refuses(() => Policy.parse('{}', { kind: 'role' }), 'invalid-argument')
    refuses(() => Policy.parse('{}', { __proto__: null, constructor: 1 }), 'invalid-argument')
    refuses(() => Policy.parse('{}', null), 'invalid-argument')
  })

  test('a question without sense is refused', () => {
    const policy = Policy.builtIn('readwrite')
    const questions = [
      undefined,
      null,
      's3:GetObject',
      {},
      { action: 1 },
      { action: 's3:GetObject', resource: 'b/k', bucket: 'b' },
      { action: 's3:GetObject', object: 'k' },
      { action: 's3:GetObject', bucket: 'b', context: 'x' },
      { action: 's3:GetObject', bucket: 'b', context: { a: {} } },
      { action: 's3:GetObject', bucket: 'b', context: { a: NaN } },
      { action: 's3:GetObject', bucket: 'b', context: { a: new Date(NaN) } },
      { action: 's3:GetObject', bucket: 'b', isOwner: 'false' },
      { action: 's3:GetObject', bucket: 'b', object: '\udfff' },
      { action: 's3:GetObject', bucket: 'b', object: 'x'.repeat(2 ** 20) },
    ]
    for (const question of questions) {
      refuses(() => policy.decide(question), 'invalid-argument', 'invalid-utf8')
    }
    assert.equal(policy.decide({ action: 's3:GetObject', bucket: 'b', object: 'k' }).allowed, true)
  })

  test('policies and sets are made only of policies', () => {
    refuses(() => new Policy(), 'invalid-argument')
    refuses(() => new PolicySet(['{}']), 'invalid-argument')
    refuses(() => new PolicySet([{}]), 'invalid-argument')
    refuses(() => new PolicySet(), 'invalid-argument')
    refuses(() => new PolicySet([Object.create(Policy.prototype)]))
  })
})

const DIRECTORY = '{"version": 1}'
const REQUEST = { method: 'GET', url: '/b/k', rawHeaders: ['Host', 's3.example.test'], now: 1_768_478_400_000 }

describe('directories', () => {
  test('what cannot be read is refused', () => {
    for (const source of ['', '{', '[]', 'users', '{}', '{"version": 1, "users": 1}', Buffer.from([0xff, 0xfe])]) {
      refuses(() => Iam.load(source), 'directory-unreadable', 'directory-invalid')
    }
    for (const source of NOT_TEXT) refuses(() => Iam.load(source), 'invalid-argument')
  })

  test('an option that does not exist or has the wrong type is refused', () => {
    for (const options of [
      { regoin: 'eu' },
      { region: 1 },
      { services: 's3' },
      { services: [1] },
      { maxSkewSeconds: -1 },
      { maxSkewSeconds: 1.5 },
      { maxSkewSeconds: '900' },
      { requireContentSha256: 'false' },
      { allowSigV2: true },
      { allowSigv2: 'yes' },
      { allowSigv4a: 1 },
      { requireMinChunk: null },
      { maxChunkBytes: 1.5 },
      { errorProfile: 'ceph' },
      { domains: ['a', null] },
      'eu',
    ]) {
      refuses(() => Iam.load(DIRECTORY, options), 'invalid-argument')
    }
  })

  test('one that cannot be read leaves the old one in place', () => {
    const iam = Iam.load(DIRECTORY)
    refuses(() => iam.replace('{'), 'directory-unreadable', 'directory-invalid')
    refuses(() => iam.replace(undefined), 'invalid-argument')
    assert.equal(iam.authorize(REQUEST).allowed, false)
    refuses(() => new Iam(), 'invalid-argument')
  })
})

describe('requests', () => {
  const iam = Iam.load(DIRECTORY)
  const verifier = new Verifier().addKey({ accessKey: 'AKIAEXAMPLE', secretKey: 'a-secret-of-length' })

  test('what is no request is refused', () => {
    const requests = [
      undefined,
      null,
      'GET / HTTP/1.1',
      {},
      { ...REQUEST, method: undefined },
      { ...REQUEST, url: 1 },
      { ...REQUEST, rawHeaders: 'Host' },
      { ...REQUEST, rawHeaders: ['Host'] },
      { ...REQUEST, rawHeaders: ['Host', 1] },
      { ...REQUEST, rawHeaders: [['Host', 'h']] },
      { method: 'GET', url: '/', headers: 'Host: h' },
      { method: 'GET', url: '/', headers: ['Host', 'h'] },
      { method: 'GET', url: '/', headers: { host: 1 } },
      { ...REQUEST, remoteAddress: 1 },
      { ...REQUEST, remoteAddress: 'localhost' },
      { ...REQUEST, secure: 'yes' },
      { ...REQUEST, now: 'today' },
      { ...REQUEST, now: NaN },
      { ...REQUEST, now: new Date(NaN) },
      { ...REQUEST, body: 'text' },
      { ...REQUEST, body: {} },
      { ...REQUEST, requestId: 1 },
      { ...REQUEST, objectTags: 'env=prod' },
      { ...REQUEST, objectTags: { env: 1 } },
      { ...REQUEST, objectTags: [['env']] },
    ]
    for (const request of requests) {
      refuses(() => iam.authorize(request), 'invalid-argument', 'malformed-packed-request')
      refuses(() => verifier.verify(request), 'invalid-argument', 'malformed-packed-request')
    }
    refuses(() => iam.authorize(REQUEST, 1), 'invalid-argument')
  })

  test('a line feed cannot smuggle in a header', () => {
    for (const request of [
      { ...REQUEST, method: 'GET\n/other' },
      { ...REQUEST, url: '/b/k\nX' },
      { ...REQUEST, rawHeaders: ['Host', 'h\nAuthorization\nx'] },
      { ...REQUEST, rawHeaders: ['Host', 'h\nAuthorization'] },
      { ...REQUEST, requestId: 'a\nb' },
      { ...REQUEST, objectTags: { 'env\nteam': 'prod' } },
    ]) {
      const verdict = iam.authorize(request)
      assert.equal(verdict.allowed, false)
      assert.equal(verdict.user, null)
    }
    refuses(() => iam.authorize({ ...REQUEST, remoteAddress: '10.0.0.1\nx' }), 'malformed-packed-request')
  })

  test('a character that is no byte is refused, not cut down to one', () => {
    // U+010A would become a line feed, U+0141 an A.
    for (const text of ['\u010a', '\u0141', '猫', '😀', '\ud800']) {
      refuses(() => iam.authorize({ ...REQUEST, url: `/b/${text}` }), 'invalid-argument')
      refuses(() => iam.authorize({ ...REQUEST, rawHeaders: ['Host', text] }), 'invalid-argument')
    }
  })

  test('one that is too long is refused', () => {
    refuses(() => iam.authorize({ ...REQUEST, url: `/b/${'k'.repeat(300_000)}` }), 'malformed-packed-request')
    refuses(() => iam.authorize({ ...REQUEST, rawHeaders: new Array(140_000).fill('x') }), 'malformed-packed-request')
  })

  const headers = {
    'an Authorization of 8 KiB': ['Authorization', `AWS4-HMAC-SHA256 Credential=${'A'.repeat(8 * 1024)}`],
    'an empty Authorization': ['Authorization', ''],
    'an Authorization without parts': ['Authorization', 'AWS4-HMAC-SHA256'],
    'an unknown scheme': ['Authorization', 'Bearer token'],
    'a second Authorization': ['Authorization', 'AWS4-HMAC-SHA256 a', 'Authorization', 'AWS4-HMAC-SHA256 b'],
    'invalid UTF-8': ['Authorization', 'AWS4-HMAC-SHA256 Credential=\xff\xfe/20260115/us-east-1/s3/aws4_request'],
    'a second Host': ['Host', 'other.example.test', 'Authorization', 'AWS4-HMAC-SHA256 a'],
    'a thousand headers': Array.from({ length: 2000 }, (_, i) => `x-${i}`),
    'control characters': ['Authorization', 'AWS4-HMAC-SHA256 \x00\x01\r\x7f'],
    'empty names': ['', '', 'Authorization', 'AWS4-HMAC-SHA256 a'],
  }
  for (const [name, lines] of Object.entries(headers)) {
    test(`a request with ${name} is not allowed`, () => {
      const request = { ...REQUEST, rawHeaders: [...REQUEST.rawHeaders, ...lines] }
      const verdict = iam.authorize(request)
      assert.ok(verdict instanceof Verdict)
      assert.equal(verdict.allowed, false)
      assert.ok(verdict.error instanceof S3IamError)
      assert.ok(verdict.httpStatus >= 400 && verdict.errorXml.includes(`<Code>${verdict.error.s3Code}</Code>`))
      refuses(() => verdict.orThrow(), verdict.error.code)
      let verified
      try {
        verified = verifier.verify(request)
      } catch (error) {
        assert.ok(error instanceof S3IamError)
      }
      assert.ok(verified === undefined || verified.anonymous)
    })
  }

  for (const url of ['', '*', '?', '//', '/%', '/%zz', '/b/%ff', '/b/../k', '/b/%00', 'http://', '/?X-Amz-Signature', '/b/k?%']) {
    test(`the target ${JSON.stringify(url)} is not allowed`, () => {
      assert.equal(iam.authorize({ ...REQUEST, url }).allowed, false)
    })
  }

  test('an error in the user’s own code is passed on', () => {
    const trap = {
      ...REQUEST,
      get rawHeaders() {
        throw new RangeError('mine')
      },
    }
    assert.throws(() => iam.authorize(trap), RangeError)
  })

  test('a call from inside another disturbs neither', () => {
    let inner
    for (const [name, value] of Object.entries({ url: '/outer/key', body: undefined, now: REQUEST.now, requestId: 'R' })) {
      const outer = { ...REQUEST, url: '/outer/key' }
      Object.defineProperty(outer, name, {
        get() {
          inner = iam.authorize({ ...REQUEST, url: '/inner/key' })
          return value
        },
      })
      const verdict = iam.authorize(outer)
      assert.match(verdict.errorXml, /\/outer\/key/, name)
      assert.match(inner.errorXml, /\/inner\/key/, name)
    }
  })

  test('a list of headers that runs code is refused', () => {
    const rawHeaders = ['Host', 'h']
    Object.defineProperty(rawHeaders, 1, { get: () => iam.authorize(REQUEST).error.s3Code })
    refuses(() => iam.authorize({ ...REQUEST, rawHeaders }), 'invalid-argument')
  })
})

describe('keys', () => {
  test('what is no key is refused', () => {
    const verifier = new Verifier()
    for (const key of [
      undefined,
      null,
      {},
      { accessKey: 'a' },
      { accessKey: 1, secretKey: 'secret' },
      { accessKey: 'AKIAEXAMPLE', secretKey: 'a-secret-of-length', enabled: 0 },
      { accessKey: 'AKIAEXAMPLE', secretKey: 'a-secret-of-length', expires: 'never' },
      { accessKey: 'AKIAEXAMPLE', secretKey: 'a-secret-of-length', sessionToken: 1 },
    ]) {
      refuses(() => verifier.addKey(key), 'invalid-argument')
    }
    for (const name of [undefined, null, 1, {}]) refuses(() => verifier.removeKey(name), 'invalid-argument')
    assert.equal(verifier.removeKey(''), false)
  })

  test('a secret is in no error', () => {
    const verifier = new Verifier()
    assert.throws(
      () => verifier.addKey({ accessKey: 'AKIAEXAMPLE', secretKey: 'hush-hush-hush', expires: 'never' }),
      (error) => !JSON.stringify([error.message, error.details, error.stack]).includes('hush'),
    )
  })
})
