// Bodies whose chunks @smithy/signature-v4 signs: what it signs of an event is what S3 signs of a chunk.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { HttpRequest } from '@smithy/protocol-http'
import fc from 'fast-check'
import { Signer } from '../../../bindings-node/lib/index.js'
import { allOf, changed, mutation, parts } from './mutations.mjs'
import { sha256, smithy } from './signers.mjs'
import { HOST, REGION, RUNS, STATIC, TEMPORARY, refused, verify } from './wishes.mjs'

const NOW = new Date(Date.UTC(2026, 0, 15, 12))
const DAY = '20260115'
const MODES = {
  signed: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'signed-trailer': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
}
const PATH = '/bucket/key'

const announced = (kind, chunks) => ({
  host: HOST,
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': String(Buffer.concat(chunks).length),
  ...(kind === 'signed-trailer' && { 'x-amz-trailer': 'x-amz-checksum-sha256' }),
})
const checksum = (chunks) => createHash('sha256').update(Buffer.concat(chunks)).digest('base64')

async function smithyChunks(key, kind, chunks) {
  const signer = smithy(key)
  const headers = { ...announced(kind, chunks), 'x-amz-content-sha256': MODES[kind] }
  const request = new HttpRequest({ method: 'PUT', protocol: 'https:', hostname: HOST, path: PATH, headers })
  const signed = await signer.sign(request, { signingDate: NOW })
  let prior = signed.headers.authorization.split('Signature=')[1]
  const pieces = []
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    const event = { headers: new Uint8Array(0), payload: chunk }
    prior = await signer.sign(event, { signingDate: NOW, priorSignature: prior })
    pieces.push(`${chunk.length.toString(16)};chunk-signature=${prior}\r\n`)
    if (chunk.length > 0) pieces.push(chunk.toString('latin1'), '\r\n')
  }
  if (kind === 'signed-trailer') {
    // It has no name for trailers; their text is signed with the same key.
    const line = `x-amz-checksum-sha256:${checksum(chunks)}`
    const scope = `${DAY}/${REGION}/s3/aws4_request`
    const text = ['AWS4-HMAC-SHA256-TRAILER', `${DAY}T120000Z`, scope, prior, sha256(line + '\n')].join('\n')
    pieces.push(`${line}\r\nx-amz-trailer-signature:${await signer.sign(text, { signingDate: NOW })}\r\n`)
  }
  return { method: 'PUT', url: PATH, headers: Object.entries(signed.headers), chunked: pieces.join('') + '\r\n' }
}

/** The object out of a body that arrives in pieces of a length. */
function read(verified, chunked, piece = chunked.length + 1) {
  const reader = verified.bodyReader()
  const out = []
  for (let at = 0; at < chunked.length; at += piece) {
    out.push(Buffer.from(reader.push(Buffer.from(chunked.slice(at, at + piece), 'latin1'))))
  }
  return { summary: reader.finish(), object: Buffer.concat(out) }
}

/** Whether a changed body is refused. One that is not must be the same object (`00a` for `a` as a size). */
function differs(verified, chunked, object) {
  let found
  if (refused(() => (found = read(verified, chunked)))) return true
  assert.deepEqual(found.object, object, JSON.stringify(chunked))
  return false
}

const kinds = fc.constantFrom(...Object.keys(MODES))
const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => Buffer.from(bytes)), { maxLength: 4 })

describe('chunks signed by @smithy/signature-v4', () => {
  test('are read, and refused with any byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(STATIC, TEMPORARY), kinds, bodies, fc.integer({ min: 1, max: 200 }), mutation,
        async (key, kind, chunks, piece, mutate) => {
          const request = await smithyChunks(key, kind, chunks)
          const verified = verify(request, NOW)
          assert.equal(verified.payload, MODES[kind])
          const { object, summary } = read(verified, request.chunked, piece)
          assert.deepEqual(object, Buffer.concat(chunks))
          assert.equal(summary.checksum?.value, kind === 'signed' ? undefined : checksum(chunks))
          const mutated = mutate(request.chunked)
          if (mutated !== request.chunked) differs(verified, mutated, object)
          // What announces the body is covered as every request is.
          for (const [what, text, put] of parts(request)) {
            const head = put(mutate(text))
            if (changed(request, head)) assert.ok(refused(() => verify(head, NOW)), `${what}: ${JSON.stringify(head)}`)
          }
        },
      ),
      RUNS,
    )
  })

  test('are those of the signer of the library', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(STATIC, TEMPORARY), kinds, bodies, async (key, kind, chunks) => {
        const request = { method: 'PUT', url: PATH, headers: announced(kind, chunks), now: NOW }
        const { headers, chunks: encoder } = new Signer(key, { region: REGION }).signChunks(request, kind)
        const pieces = chunks.map((chunk) => encoder.encode(chunk))
        pieces.push(encoder.finish(kind === 'signed' ? undefined : { 'x-amz-checksum-sha256': checksum(chunks) }))
        const theirs = await smithyChunks(key, kind, chunks)
        assert.equal(new Map(headers).get('authorization'), new Map(theirs.headers).get('authorization'))
        assert.equal(Buffer.concat(pieces).toString('latin1'), theirs.chunked)
      }),
      RUNS,
    )
  })

  for (const kind of Object.keys(MODES)) {
    test(`${kind}: every byte counts`, async () => {
      const chunks = [Buffer.from('some bytes'), Buffer.from(Array.from({ length: 40 }, (_, at) => at))]
      const request = await smithyChunks(TEMPORARY, kind, chunks)
      const verified = verify(request, NOW)
      const tried = [...allOf(request.chunked)].filter((mutated) => mutated !== request.chunked)
      const different = tried.filter((mutated) => differs(verified, mutated, Buffer.concat(chunks)))
      assert.ok(different.length > tried.length * 0.95, `${different.length} of ${tried.length}`)
    })
  }
})
