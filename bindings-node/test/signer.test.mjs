// Signing: against another implementation, and against the verifier.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import aws4 from 'aws4'
import { ChunkSigner, S3IamError, Signer, Verifier, classify } from 's3iam'

const ALICE = { accessKey: 'alice', secretKey: 'alice-secret-key' }
const BRIEF = { accessKey: 'brief', secretKey: 'secret-of-brief', sessionToken: 'TOKEN' }
const now = Date.UTC(2026, 0, 15, 12)
const get = { method: 'GET', url: '/bucket/summer%20day.jpg?versionId=1', headers: { host: 's3.example.com' }, now }
const put = { method: 'PUT', url: '/bucket/key', headers: { host: 's3.example.com' }, now }
const chunkedPut = (bytes, more = {}) => ({
  ...put,
  headers: { ...put.headers, 'x-amz-decoded-content-length': String(bytes), ...more },
})
const signer = new Signer(ALICE)
const verifier = new Verifier().addKey(ALICE).addKey(BRIEF)
const signed = (request, added) => ({ ...request, headers: { ...request.headers, ...Object.fromEntries(added) } })

describe('a signer', () => {
  test('signs as another implementation does', () => {
    const theirs = aws4.sign(
      {
        service: 's3',
        region: 'us-east-1',
        path: get.url,
        headers: { Host: 's3.example.com', 'X-Amz-Date': '20260115T120000Z' },
      },
      { accessKeyId: 'alice', secretAccessKey: 'alice-secret-key' },
    )
    const ours = Object.fromEntries(signer.sign(get))
    const signatureOf = (text) => text.replace(/,\s*/g, ',')
    assert.equal(signatureOf(ours.authorization), signatureOf(theirs.headers.Authorization))
  })

  test('signs what a verifier accepts', () => {
    const v4a = new Signer(ALICE, { algorithm: 'sigv4a', regionSet: 'eu-*,us-east-1' })
    for (const [by, request, form] of [
      [signer, get, 'sigv4-header'],
      [signer, { ...put, body: Buffer.from('hello') }, 'sigv4-header'],
      [v4a, get, 'sigv4a-header'],
      [new Signer(BRIEF), get, 'sigv4-header'],
    ]) {
      const sent = signed(request, by.sign(request))
      assert.equal(classify(sent), form)
      const verified = verifier.verify(sent)
      assert.deepEqual([verified.form, Number(verified.signedAt)], [form, now])
    }
  })

  test('signs nothing for a verifier that forgot its key', () => {
    const verifier = new Verifier().addKey(ALICE).addKey(BRIEF)
    const alices = signed(get, signer.sign(get))
    const briefs = signed(get, new Signer(BRIEF).sign(get))
    for (const sent of [alices, briefs]) assert.equal(verifier.verify(sent).anonymous, false)
    assert.equal(verifier.removeKey('alice'), true)
    assert.throws(() => verifier.verify(alices), { name: 'SignatureError', code: 'unknown-access-key' })
    assert.equal(verifier.removeKey('alice'), false)
    assert.equal(verifier.verify(briefs).accessKey, 'brief')
    assert.equal(verifier.addKey(ALICE).verify(alices).accessKey, 'alice')
    verifier.addKey({ ...ALICE, secretKey: 'another-secret-key' })
    assert.throws(() => verifier.verify(alices), { code: 'signature-does-not-match' })
  })

  test('signs of the body what it is told', () => {
    const hash = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    const payload = (how, body) => {
      const request = { ...put, body }
      return verifier.verify({ ...signed(put, signer.sign(request, how)) }).payload
    }
    assert.equal(payload({}, Buffer.from('hello')), hash)
    assert.equal(payload({ payload: 'body' }, Buffer.from('hello')), hash)
    assert.equal(payload({ payload: hash }), hash)
    assert.equal(payload({ payload: 'unsigned' }), 'unsigned')
    for (const wrong of ['', 'Body', hash.slice(1), 1]) {
      assert.throws(() => signer.sign(put, { payload: wrong }), { code: 'invalid-argument' })
    }
    assert.throws(() => new Signer(ALICE, { service: 'sts' }).sign(put, { payload: 'unsigned' }), { code: 'invalid-argument' })
  })

  test('presigns targets and whole URLs', () => {
    for (const url of [get.url, `https://s3.example.com${get.url}`]) {
      const target = signer.presign({ ...get, url }, 60)
      assert.ok(target.startsWith(`${url}&X-Amz-Algorithm=AWS4-HMAC-SHA256&`))
      const later = (seconds) => verifier.verify({ ...get, url: target, now: now + 1000 * seconds })
      assert.equal(later(59).form, 'sigv4-presigned')
      assert.throws(() => later(61), { code: 'presign-expired' })
    }
    for (const seconds of [0, -1, 604_801, 1.5, '60', undefined, NaN, 2 ** 40]) {
      assert.throws(() => signer.presign(get, seconds), { code: 'invalid-argument' })
    }
  })

  test('signs for sessions of S3 Express', () => {
    const express = new Signer(BRIEF, { service: 's3express' })
    assert.ok(express.sign(get).some(([name, value]) => name === 'x-amz-s3session-token' && value === 'TOKEN'))
  })

  test('goes by its own clock where no time is given', () => {
    const { now: _, ...request } = get
    const before = Date.now()
    const { signedAt } = new Verifier().addKey(ALICE).verify(signed(request, signer.sign(request)))
    assert.ok(Math.abs(Number(signedAt) - before) < 60_000)
  })

  test('refuses what cannot be signed', () => {
    for (const make of [
      () => new Signer(),
      () => new Signer(null),
      () => new Signer({ accessKey: 'a' }),
      () => new Signer({ ...ALICE, accessKey: '' }),
      () => new Signer({ ...ALICE, accessKey: 'a=b' }),
      () => new Signer({ ...ALICE, secretKey: 1 }),
      () => new Signer({ ...ALICE, token: 't' }),
      () => new Signer(ALICE, { region: '' }),
      () => new Signer(ALICE, { regoin: 'eu' }),
      () => new Signer(ALICE, { algorithm: 'sigv2' }),
      () => new Signer(ALICE, { algorithm: 'sigv4a' }),
      () => new Signer(ALICE, { regionSet: '*' }),
      () => signer.sign(),
      () => signer.sign({ ...get, headers: {} }),
      () => signer.sign({ ...get, url: '/%zz' }),
      () => signer.sign(get, { paylod: 'unsigned' }),
      () => signer.sign(signed(get, signer.sign(get))),
      () => signer.signChunks(get, 'signed'),
      () => signer.signChunks(put, 'signed'),
      () => signer.signChunks(chunkedPut(7), 'Signed'),
      () => signer.signChunks(chunkedPut(7), undefined),
      () => signer.signChunks(chunkedPut(7), 'signed-trailer'),
      () => new ChunkSigner(),
    ]) {
      assert.throws(make, (error) => error instanceof S3IamError && error.code === 'invalid-argument', make.toString())
    }
  })

  test('keeps its secret to itself', () => {
    assert.doesNotMatch(JSON.stringify(signer), /secret/)
    assert.throws(
      () => new Signer({ accessKey: '', secretKey: 'hush-hush-hush' }),
      (error) => !JSON.stringify([error.message, error.details, error.stack]).includes('hush'),
    )
  })
})

describe('chunks', () => {
  const crc = { 'x-amz-checksum-crc32': 'QixqFQ==' }
  const announced = { 'x-amz-trailer': 'x-amz-checksum-crc32' }

  test('have the form of the specification', () => {
    const { headers, chunks } = signer.signChunks(chunkedPut(7, announced), 'unsigned-trailer')
    assert.equal(Object.fromEntries(headers)['x-amz-content-sha256'], 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    const body = Buffer.concat([chunks.encode(Buffer.from('pay')), chunks.encode(Buffer.from('load')), chunks.finish(crc)])
    assert.equal(String(body), '3\r\npay\r\n4\r\nload\r\n0\r\nx-amz-checksum-crc32:QixqFQ==\r\n\r\n')
  })

  test('are as long as is said before', () => {
    const trailers = { 'x-amz-checksum-crc32': 8 }
    for (const kind of ['signed', 'signed-trailer', 'unsigned-trailer']) {
      const isBare = kind === 'signed'
      const { chunks } = signer.signChunks(chunkedPut(7, isBare ? {} : announced), kind)
      const parts = [chunks.encode(Buffer.from('payl')), chunks.encode(Buffer.from('oad')), chunks.finish(isBare ? {} : crc)]
      const lengths = { kind, dataBytes: 7, chunkBytes: 4, ...(isBare ? {} : { trailers }) }
      assert.equal(Buffer.concat(parts).length, signer.encodedLength(lengths), kind)
    }
    for (const wrong of [undefined, {}, { kind: 'signed' }, { kind: 'x', dataBytes: 1, chunkBytes: 1 }, { kind: 'signed', dataBytes: 1, chunkBytes: 0 }, { kind: 'signed', dataBytes: -1, chunkBytes: 1 }, { kind: 'signed', dataBytes: 1, chunkBytes: 1, trailers }, { kind: 'unsigned-trailer', dataBytes: 1, chunkBytes: 1, trailers: { a: '8' } }]) {
      assert.throws(() => signer.encodedLength(wrong), { code: 'invalid-argument' })
    }
  })

  test('are none of no bytes', () => {
    const { chunks } = signer.signChunks(chunkedPut(0), 'signed')
    assert.equal(chunks.encode(new Uint8Array()).length, 0)
    assert.match(Buffer.from(chunks.finish()).toString(), /^0;chunk-signature=[0-9a-f]{64}\r\n\r\n$/)
  })

  test('end as announced, once', () => {
    const make = () => signer.signChunks(chunkedPut(7, announced), 'signed-trailer').chunks
    const whole = (chunks) => chunks.encode(Buffer.from('payload'))
    for (const wrong of [undefined, {}, { other: 'x' }, { ...crc, other: 'x' }, { 'x-amz-checksum-crc32': 'a b' }, { 'x-amz-checksum-crc32': 1 }, 'text', null]) {
      const chunks = make()
      whole(chunks)
      assert.throws(() => chunks.finish(wrong), { code: 'invalid-argument' })
    }
    assert.throws(() => make().finish(crc), { code: 'invalid-argument' })
    const chunks = make()
    for (const wrong of [undefined, 'payload', 7]) assert.throws(() => chunks.encode(wrong), { code: 'invalid-argument' })
    whole(chunks)
    chunks.finish(crc)
    assert.throws(() => chunks.finish(crc), { code: 'invalid-argument' })
    assert.throws(() => whole(chunks), { code: 'invalid-argument' })
  })
})

describe('the policy of a form', () => {
  const draft = { bucket: 'bucket', key: 'k', expiration: new Date(now + 3_600_000), now: new Date(now) }

  test('becomes fields in their order', () => {
    const conditions = [{ field: 'acl', equals: 'private' }, { field: 'x-amz-meta-tag', startsWith: '' }]
    const fields = signer.postPolicy({ ...draft, conditions })
    const names = ['key', 'acl', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'policy', 'x-amz-signature']
    assert.deepEqual(fields.map(([name]) => name), names)
    assert.deepEqual(fields[0], ['key', 'k'])
    assert.equal(signer.postPolicy({ ...draft, key: undefined, keyPrefix: 'user/' })[0][1], 'user/${filename}')
    assert.ok(new Signer(BRIEF).postPolicy(draft).some(([name, value]) => name === 'x-amz-security-token' && value === 'TOKEN'))
  })

  test('is one that a form can fulfil', () => {
    for (const change of [
      { bucket: '' },
      { bucket: undefined },
      { key: undefined },
      { keyPrefix: 'user/' },
      { expiration: now },
      { expiration: 'tomorrow' },
      { expiration: undefined },
      { now: 'today' },
      { size: 1 },
      { conditions: 'all' },
      { conditions: [null] },
      { conditions: [{}] },
      { conditions: [{ field: 'acl' }] },
      { conditions: [{ equals: 'private' }] },
      { conditions: [{ field: 'acl', equals: 'a', startsWith: 'a' }] },
      { conditions: [{ field: 'policy', equals: 'a' }] },
      { conditions: [{ contentLength: [1] }] },
      { conditions: [{ contentLength: [2, 1] }] },
      { conditions: [{ contentLength: [0, -1] }] },
      { conditions: [{ contentLength: [0, 1], field: 'acl' }] },
    ]) {
      assert.throws(() => signer.postPolicy({ ...draft, ...change }), { code: 'invalid-argument' }, JSON.stringify(change))
    }
    assert.throws(() => signer.postPolicy({ ...draft, key: '\ud800' }), { code: 'invalid-utf8' })
    const v4a = new Signer(ALICE, { algorithm: 'sigv4a', regionSet: '*' })
    assert.throws(() => v4a.postPolicy(draft), { code: 'invalid-argument' })
  })
})
