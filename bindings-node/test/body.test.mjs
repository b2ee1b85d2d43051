// Bodies, read while they arrive: by hand, and through a stream of the web.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { BodyReader, Iam, S3IamError, SignatureError, Signer, Verifier, bodyTransformStream, storedContentEncoding } from 's3iam'
import { ALICE, bytes, chunked, iam, now, object, plain, signer, verifier } from './uploads.mjs'

/** Pushes a body so many bytes at a time, and returns all that was released. */
function read(reader, body, size) {
  const released = []
  for (let at = 0; at < body.length; at += size) released.push(reader.push(body.subarray(at, at + size)))
  return Buffer.concat(released)
}

describe('the example of the AWS documentation', () => {
  const example = new Verifier().addKey({
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  })
  const request = {
    method: 'PUT',
    url: '/examplebucket/chunkObject.txt',
    headers: {
      Host: 's3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'Content-Encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '66560',
      'Content-Length': '66824',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
        'SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;' +
        'x-amz-decoded-content-length;x-amz-storage-class,' +
        'Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    },
    now: Date.UTC(2013, 4, 24),
  }
  const chunk = (size, signature, data) => `${size};chunk-signature=${signature}\r\n${data}\r\n`
  const body = bytes(
    chunk('10000', 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648', 'a'.repeat(65536)) +
      chunk('400', '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497', 'a'.repeat(1024)) +
      chunk('0', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9', ''),
  )

  for (const size of [1, 7, 4096, body.length]) {
    test(`is read ${size} bytes at a time`, () => {
      const verified = example.verify(request)
      assert.equal(verified.payload, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
      const reader = verified.bodyReader()
      assert.equal(reader.decodedLength, 66560)
      assert.equal(read(reader, body, size).toString(), 'a'.repeat(66560))
      assert.equal(reader.finish().decodedLength, 66560)
    })
  }

  test('is refused with one byte changed, and stays so', () => {
    const reader = example.verify(request).bodyReader()
    const changed = Buffer.from(body)
    changed[100] = 0x62
    const wrong = { name: 'SignatureError', code: 'chunk-signature-does-not-match', s3Code: 'SignatureDoesNotMatch', httpStatus: 403 }
    assert.throws(() => reader.push(changed), wrong)
    assert.throws(() => reader.push(bytes('')), wrong)
    assert.throws(() => reader.finish(), wrong)
    assert.equal(reader.summary, null)
  })
})

describe('a body in chunks', () => {
  const v4a = new Signer(ALICE, { algorithm: 'sigv4a', regionSet: '*' })
  const crc = { 'x-amz-checksum-crc32': 'QixqFQ==' }
  for (const [kind, by, trailers, payload] of [
    ['signed', signer, {}, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['signed-trailer', signer, crc, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'],
    ['unsigned-trailer', signer, crc, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ['signed', v4a, {}, 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD'],
    ['signed-trailer', v4a, crc, 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER'],
  ]) {
    test(`${payload} comes out as it went in`, () => {
      const [request, body] = chunked(bytes('payload'), 4, kind, by, trailers)
      for (const answer of [verifier.verify(request), iam.authorize(request).orThrow()]) {
        assert.equal(answer.payload, payload)
        const reader = answer.bodyReader()
        assert.equal(reader.decodedLength, 7)
        assert.equal(read(reader, body, 10).toString(), 'payload')
        const summary = reader.finish()
        assert.equal(summary, reader.summary)
        const checksum = kind === 'signed' ? null : { algorithm: 'CRC32', value: 'QixqFQ==' }
        assert.deepEqual(summary, { decodedLength: 7, checksum, contentMd5: null, trailers })
        assert.throws(() => (summary.decodedLength = 0), TypeError)
      }
    })
  }

  test('that is cut short or goes on is refused', () => {
    const [request, body] = chunked(object)
    const reader = verifier.verify(request).bodyReader()
    reader.push(body.subarray(0, -1))
    assert.throws(() => reader.finish(), { code: 'body-truncated' })
    const other = verifier.verify(request).bodyReader()
    assert.throws(() => other.push(Buffer.concat([body, bytes('x')])), SignatureError)
  })

  test('is held to the options', () => {
    const [request, body] = chunked(object, 4096)
    const tight = (options) => new Verifier(options).addKey(ALICE).verify(request).bodyReader()
    assert.throws(() => tight({ requireMinChunk: true }).push(body), SignatureError)
    assert.throws(() => tight({ maxChunkBytes: 4095 }).push(body), SignatureError)
    assert.equal(tight({ maxChunkBytes: 4096 }).push(body).length, object.length)
    const [v4aRequest] = chunked(object, 4096, 'signed', v4a)
    assert.throws(() => new Verifier({ allowSigv4a: false }).addKey(ALICE).verify(v4aRequest), { code: 'auth-form-unsupported' })
  })

  test('has many readers, of which each is its own', () => {
    const [request, body] = chunked(object)
    const verified = verifier.verify(request)
    const [one, other] = [verified.bodyReader(), verified.bodyReader()]
    assert.throws(() => one.push(bytes('x\r\n')), SignatureError)
    assert.deepEqual(Buffer.from(other.push(body)), object)
    // The request was verified; what becomes of the verifier's keys later does not matter.
    verifier.addKey({ ...ALICE, secretKey: 'another-secret-key' })
    try {
      assert.deepEqual(Buffer.from(verified.bodyReader().push(body)), object)
      assert.throws(() => verifier.verify(request), { code: 'signature-does-not-match' })
    } finally {
      verifier.addKey(ALICE)
    }
  })

  test('may lie in memory that threads share', () => {
    const [request, body] = chunked(object)
    const shared = new Uint8Array(new SharedArrayBuffer(body.length))
    shared.set(body)
    assert.deepEqual(Buffer.from(verifier.verify(request).bodyReader().push(shared)), object)
  })
})

describe('a body as a whole', () => {
  const mismatch = { name: 'SignatureError', code: 'content-sha256-mismatch', httpStatus: 400 }

  test('is passed on as it is, and its hash compared', () => {
    for (const answer of [verifier.verify(plain('hello')), iam.authorize(plain('hello'))]) {
      const reader = answer.bodyReader()
      const piece = bytes('hello')
      assert.equal(reader.decodedLength, null)
      assert.equal(reader.push(piece), piece, 'not a copy')
      assert.deepEqual(reader.finish(), { decodedLength: 5, checksum: null, contentMd5: null, trailers: {} })
      const wrong = answer.bodyReader()
      wrong.push(bytes('hellO'))
      assert.throws(() => wrong.finish(), mismatch)
    }
  })

  test('is empty where it has to be', () => {
    assert.equal(verifier.verify(plain('')).bodyReader().finish().decodedLength, 0)
    assert.throws(() => verifier.verify(plain('hello')).bodyReader().finish(), mismatch)
  })

  test('has the checksums that are announced', () => {
    const crc = { 'x-amz-checksum-crc32': 'NhCmhg==', 'content-md5': createHash('md5').update('hello').digest('base64') }
    const request = plain('hello', crc, { payload: 'unsigned' })
    const reader = iam.authorize(request).bodyReader()
    reader.push(bytes('hello'))
    const { checksum, contentMd5, trailers } = reader.finish()
    assert.deepEqual([checksum, contentMd5, trailers], [{ algorithm: 'CRC32', value: 'NhCmhg==' }, crc['content-md5'], {}])
    const wrong = verifier.verify(request).bodyReader()
    wrong.push(bytes('hellO'))
    assert.throws(() => wrong.finish(), { code: 'checksum-mismatch', s3Code: 'BadDigest' })
  })

  test('fails in the words of the profile', () => {
    const failure = (errorProfile, request) => {
      const reader = new Verifier({ errorProfile }).addKey(ALICE).verify(request).bodyReader()
      try {
        reader.finish()
        return assert.fail('the body is not empty')
      } catch ({ code, message, details }) {
        return { code, message, details: Object.keys(details) }
      }
    }
    const summed = plain('hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }, { payload: 'unsigned' })
    const [aws, minio] = ['aws', 'minio'].map((profile) => failure(profile, summed))
    assert.deepEqual([aws.code, minio.code], ['checksum-mismatch', 'checksum-mismatch'])
    assert.match(aws.message, /CRC32/)
    assert.notEqual(aws.message, minio.message)
    // The same where nothing but the payload is known of the body.
    const details = ['aws', 'minio'].map((profile) => failure(profile, plain('hello')).details)
    assert.deepEqual(details, [['ClientComputedContentSHA256', 'S3ComputedContentSHA256'], []])
  })

  test('is compared at once where it is given', () => {
    assert.throws(() => verifier.verify(plain('hello'), { body: bytes('hellO') }), mismatch)
  })
})

describe('the body of a request that nobody signed', () => {
  const request = (headers) => ({ method: 'PUT', url: '/bucket/key', headers: { host: 'h', ...headers } })

  test('is held to its checksum', () => {
    const reader = verifier.anonymousBody(request({ 'x-amz-checksum-crc32': 'NhCmhg==' }))
    reader.push(bytes('hello'))
    assert.equal(reader.finish().checksum.value, 'NhCmhg==')
    const wrong = verifier.anonymousBody(request({ 'x-amz-checksum-crc32': 'NhCmhg==' }))
    assert.throws(() => wrong.finish(), { code: 'checksum-mismatch' })
  })

  test('comes in unsigned chunks and in no others', () => {
    const announced = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
    const reader = verifier.anonymousBody(request({ ...announced, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }))
    const body = bytes('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n')
    assert.equal(String(read(reader, body, body.length)), 'hello')
    assert.deepEqual(reader.finish().trailers, { 'x-amz-checksum-crc32': 'NhCmhg==' })
    const signed = request({ 'x-amz-decoded-content-length': '5', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' })
    assert.throws(() => verifier.anonymousBody(signed), SignatureError)
  })

  test('has one reader, and a signed request the other', () => {
    assert.throws(() => verifier.anonymousBody(plain('hello')), { code: 'invalid-argument' })
    assert.throws(() => verifier.verify(request({})).bodyReader(), { code: 'invalid-argument' })
  })
})

describe('a reader', () => {
  test('takes bytes and nothing else', () => {
    const reader = verifier.verify(plain('hello')).bodyReader()
    for (const wrong of [undefined, null, 'hello', 1, [104], {}, new ArrayBuffer(5), new Uint16Array(5)]) {
      assert.throws(() => reader.push(wrong), { code: 'invalid-argument' })
    }
    reader.push(bytes('hello'))
    assert.equal(reader.finish().decodedLength, 5, 'a wrong argument is no part of the body')
  })

  test('is used up at its end', () => {
    const reader = verifier.verify(plain('hello')).bodyReader()
    reader.push(bytes('hello'))
    const summary = reader.finish()
    for (const call of [() => reader.push(bytes('x')), () => reader.push(bytes('')), () => reader.finish()]) {
      assert.throws(call, { code: 'invalid-argument' })
    }
    assert.equal(reader.summary, summary)
  })

  test('is made by nobody else', () => {
    assert.throws(() => new BodyReader(), { code: 'invalid-argument' })
    assert.throws(() => Object.create(BodyReader.prototype).push(bytes('')), S3IamError)
  })

  test('comes from what is allowed alone', () => {
    const readonly = Iam.load('{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key", "policies": ["readonly"]}}}')
    const verdict = readonly.authorize(plain('hello'))
    assert.equal(verdict.allowed, false)
    assert.throws(() => verdict.bodyReader(), { name: 'AccessDenied', code: 'access-denied' })
    assert.throws(() => iam.authorize({ method: 'PUT', url: '/b/k', headers: { host: 'h' } }).bodyReader(), S3IamError)
  })
})

describe('a stream of the web', () => {
  test('releases the object', async () => {
    const [request, body] = chunked(object)
    const reader = iam.authorize(request).bodyReader()
    const through = ReadableStream.from([body.subarray(0, 9000), body.subarray(9000)]).pipeThrough(bodyTransformStream(reader))
    assert.deepEqual(Buffer.from(await new Response(through).arrayBuffer()), object)
    assert.equal(reader.summary.decodedLength, object.length)
  })

  test('fails with what is wrong', async () => {
    const [request, body] = chunked(object)
    for (const [wrong, code] of [[body.subarray(0, -1), 'body-truncated'], [bytes('x\r\n'), 'malformed-chunk'], ['text', 'invalid-argument']]) {
      const through = ReadableStream.from([wrong]).pipeThrough(bodyTransformStream(verifier.verify(request).bodyReader()))
      await assert.rejects(new Response(through).arrayBuffer(), (error) => (error.cause ?? error).code === code || error.code === code)
    }
  })

  test('takes a reader and nothing else', () => {
    for (const wrong of [undefined, null, {}, new TransformStream(), Object.create(null)]) {
      assert.throws(() => bodyTransformStream(wrong), { code: 'invalid-argument' })
    }
  })
})

test('what is stored of Content-Encoding is without aws-chunked', () => {
  assert.equal(storedContentEncoding('aws-chunked'), null)
  assert.equal(storedContentEncoding('AWS-Chunked, gzip'), 'gzip')
  assert.equal(storedContentEncoding('gzip , br'), 'gzip,br')
  assert.equal(storedContentEncoding(''), null)
  for (const wrong of [undefined, null, 1, ['gzip']]) {
    assert.throws(() => storedContentEncoding(wrong), { code: 'invalid-argument' })
  }
})
