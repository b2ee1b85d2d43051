// What other projects sign verifies, and with any byte of it changed it does not.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Signer } from '../../../bindings-node/lib/index.js'
import { allOf, changed, mutation, parts } from './mutations.mjs'
import { EXPIRES, minioCanSign, minioHeader, minioQuery, smithyHeader, smithyQuery, smithyV4aHeader } from './signers.mjs'
import { HOST, REGION, RUNS, STATIC, TEMPORARY, refused, sample, target, verify, wire, wishes } from './wishes.mjs'

const SIGNERS = [
  ['@smithy/signature-v4, header', smithyHeader, () => true],
  ['@smithy/signature-v4, query', smithyQuery, () => true],
  ['@smithy/signature-v4a, header', smithyV4aHeader, () => true],
  ['minio, header', minioHeader, minioCanSign],
  ['minio, query', minioQuery, minioCanSign],
]

for (const [name, sign, canSign] of SIGNERS) {
  const inQuery = name.endsWith('query')
  const wish = wishes.filter(canSign)

  describe(name, () => {
    test('verifies within its time', async () => {
      await fc.assert(
        fc.asyncProperty(wish, async (wish) => {
          const request = await sign(wish)
          const now = Number(wish.time)
          const verified = verify(request, now)
          assert.equal(verified.accessKey, wish.key.accessKey)
          const version = name.includes('v4a') ? 'sigv4a' : 'sigv4'
          assert.equal(verified.form, `${version}-${inQuery ? 'presigned' : 'header'}`)
          assert.equal(Number(verified.signedAt), now)
          const last = inQuery ? EXPIRES : 900
          verify(request, now + last * 1000)
          assert.ok(refused(() => verify(request, now + (last + 1) * 1000)))
          assert.ok(refused(() => verify(request, now - 901_000)))
        }),
        RUNS,
      )
    })

    test('is refused with any byte changed', async () => {
      await fc.assert(
        fc.asyncProperty(wish, fc.array(mutation, { minLength: 12, maxLength: 12 }), async (wish, mutations) => {
          const request = await sign(wish)
          parts(request).forEach(([what, text, put], at) => {
            const mutated = put(mutations[at % mutations.length](text))
            if (!changed(request, mutated)) return
            assert.ok(refused(() => verify(mutated, Number(wish.time))), `${what}: ${JSON.stringify(mutated)}`)
          })
        }),
        RUNS,
      )
    })

    test('is refused with anything added', async () => {
      await fc.assert(
        fc.asyncProperty(wish, fc.constantFrom('x-amz-tagging', 'X-Amz-Copy-Source', 'x-amz-meta-new'), async (wish, header) => {
          const request = await sign(wish)
          const now = Number(wish.time)
          assert.ok(refused(() => verify({ ...request, headers: [...request.headers, [header, 'x']] }, now)))
          const mark = request.url.includes('?') ? '&' : '?'
          for (const more of ['acl', 'x-amz-acl=public-read', '=', 'a=b']) {
            assert.ok(refused(() => verify({ ...request, url: request.url + mark + more }, now)))
          }
        }),
        RUNS,
      )
    })

    for (const key of [STATIC, TEMPORARY]) {
      test(`of ${key.accessKey}: every byte counts`, async () => {
        const wish = sample(key)
        const request = await sign(wish)
        const now = Number(wish.time)
        verify(request, now)
        let different = 0
        let equal = 0
        for (const [what, text, put] of parts(request)) {
          for (const mutated of [...allOf(text)].map(put)) {
            if (!changed(request, mutated)) equal += 1
            else {
              different += 1
              assert.ok(refused(() => verify(mutated, now)), `${what}: ${JSON.stringify(mutated)}`)
            }
          }
        }
        // Few of them say the same: nearly every byte was tried in every way.
        assert.ok(different > 3000 && equal < different / 10, `${different}, ${equal}`)
      })
    }
  })
}

describe('the signer of the library', () => {
  const signer = (key) => new Signer(key, { region: REGION })
  const given = (wish) => ({
    method: wish.method,
    url: target(wish),
    rawHeaders: ['host', HOST, ...Object.entries(wish.headers).flatMap(([name, value]) => [name, wire(value)])],
    body: wish.body,
    now: wish.time,
  })

  test('signs in the header as @smithy/signature-v4 does', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => {
        const theirs = new Map((await smithyHeader(wish)).headers)
        const ours = signer(wish.key).sign(given(wish))
        assert.equal(ours.at(-1)[0], 'authorization')
        for (const [name, value] of ours) assert.equal(theirs.get(name), value, name)
      }),
      RUNS,
    )
  })

  test('signs in the query what minio signs there', async () => {
    await fc.assert(
      fc.asyncProperty(wishes.filter(minioCanSign), async (wish) => {
        const ours = signer(wish.key).presign({ ...given({ ...wish, headers: {} }), body: undefined }, EXPIRES)
        const sorted = (url) => url.split(/[?&]/).sort()
        assert.deepEqual(sorted(ours), sorted(minioQuery(wish).url))
      }),
      RUNS,
    )
  })
})
