// Bodies through streams of Node, and from a real server.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { PassThrough, Readable, Transform } from 'node:stream'
import { buffer as wholeOf } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, test } from 'node:test'
import { bodyTransform } from 's3iam'
import { bytes, chunked, iam, now, object, signer } from './uploads.mjs'

describe('a stream of Node', () => {
  test('releases the object', async () => {
    const [request, body] = chunked(object)
    const reader = iam.authorize(request).bodyReader()
    const stream = bodyTransform(reader)
    assert.ok(stream instanceof Transform)
    const pieces = Array.from({ length: Math.ceil(body.length / 1000) }, (_, i) => body.subarray(1000 * i, 1000 * (i + 1)))
    assert.deepEqual(await wholeOf(Readable.from(pieces, { objectMode: false }).pipe(stream)), object)
    assert.equal(reader.summary.decodedLength, object.length)
  })

  test('is destroyed by what is wrong', async () => {
    const [request, body] = chunked(object)
    const cases = [
      [body.subarray(0, -1), 'body-truncated'],
      [Buffer.concat([bytes('x'), body]), 'malformed-chunk'],
      [Buffer.concat([body.subarray(0, 200), bytes('x'), body.subarray(201)]), 'chunk-signature-does-not-match'],
    ]
    for (const [wrong, code] of cases) {
      const [stream, sink] = [bodyTransform(iam.authorize(request).bodyReader()), new PassThrough().resume()]
      await assert.rejects(pipeline(Readable.from([wrong]), stream, sink), { name: 'SignatureError', code })
      assert.ok(stream.destroyed && sink.destroyed && !sink.writableFinished)
    }
  })

  test('takes a reader and nothing else', () => {
    for (const wrong of [undefined, null, {}, new PassThrough(), Object.create(null)]) {
      assert.throws(() => bodyTransform(wrong), { code: 'invalid-argument' })
    }
  })
})

test('a server stores what its clients send in chunks, and nothing else', async () => {
  const stored = new Map()
  const server = http.createServer(async (req, res) => {
    const verdict = iam.authorize(req, { now })
    const answer = (status, body = '') => res.writeHead(status, { connection: 'close' }).end(body)
    if (!verdict.allowed) return answer(verdict.httpStatus, verdict.errorXml)
    try {
      const reader = verdict.bodyReader()
      const store = bodyTransform(reader)
      const [whole] = await Promise.all([wholeOf(store), pipeline(req, store)])
      stored.set(verdict.key, whole)
      answer(200, reader.summary.checksum?.value)
    } catch (error) {
      answer(error.httpStatus, error.code)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const put = async ({ headers }, body) => {
      const { port } = server.address()
      const req = http.request({ host: '127.0.0.1', port, method: 'PUT', path: '/bucket/key', headers, agent: false })
      req.end(body)
      const [res] = await once(req, 'response')
      return [res.statusCode, String(await wholeOf(res))]
    }
    const trailers = { 'x-amz-checksum-crc32': 'QixqFQ==' }
    const [request, body] = chunked(bytes('payload'), 8192, 'signed-trailer', signer, trailers)
    assert.deepEqual(await put(request, body), [200, 'QixqFQ=='])
    assert.equal(String(stored.get('key')), 'payload')
    stored.clear()
    assert.deepEqual(await put(request, body.toString().replace('payload', 'pAyload')), [403, 'chunk-signature-does-not-match'])
    assert.deepEqual(await put(request, body.subarray(0, -2)), [400, 'body-truncated'])
    assert.equal((await put({ headers: { host: 'h' } }, 'payload'))[0], 403)
    assert.equal(stored.size, 0)
  } finally {
    server.close()
  }
})
