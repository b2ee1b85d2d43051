// Forms that minio's client signs for a browser's upload.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import * as minio from 'minio'
import { mutation } from './mutations.mjs'
import { BUCKET, HOST, REGION, RUNS, STATIC, TEMPORARY, refused, verifier } from './wishes.mjs'

const HOUR = 3_600_000

async function minioForm({ accessKey, secretKey, sessionToken }, key, values) {
  const client = new minio.Client({ endPoint: HOST, useSSL: true, accessKey, secretKey, sessionToken, region: REGION })
  const policy = client.newPostPolicy()
  policy.setBucket(BUCKET)
  policy.setKey(key)
  policy.setContentLengthRange(1, 1000)
  if (values.type) policy.setContentType(values.type)
  if (values.note) policy.setUserMetaData({ note: values.note })
  // It reads the clock by itself.
  policy.setExpires(new Date(Date.now() + HOUR))
  const { formData } = await client.presignedPostPolicy(policy)
  return Object.entries(formData).map(([name, value]) => [Buffer.from(name), Buffer.from(String(value))])
}

const at = (fields) => {
  const text = fields.find(([name]) => name.toString() === 'x-amz-date')[1].toString()
  return Date.parse(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

function verify(fields, now) {
  const headers = { host: HOST, 'content-type': 'multipart/form-data; boundary=x' }
  const verified = verifier.verifyPost({ method: 'POST', url: `/${BUCKET}`, headers, now }, BUCKET, { fields })
  assert.equal(verified.anonymous, false)
  return verified
}

const text = fc.string({ unit: fc.constantFrom(...'a/ +%"\\<&Z0.ä€😀'), minLength: 1, maxLength: 12 })

/** Keys with a `.` or `..` are refused whatever the signature, and slashes before a key are not of it. */
const storable = (key) => !key.startsWith('/') && !key.split(/[/\\]/).some((segment) => /^\s*\.\.?\s*$/.test(segment))

/** What a field says. */
function said([name, value]) {
  const lower = name.toString('latin1').toLowerCase()
  const text = value.toString('latin1')
  return `${lower}=${lower === 'key' ? text.replace(/^\/+/, '') : text}`
}

describe('a form of minio', () => {
  test('verifies, and no changed one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(STATIC, TEMPORARY),
        text.filter(storable),
        fc.record({ type: text, note: text }, { requiredKeys: [] }),
        fc.array(mutation, { minLength: 20, maxLength: 20 }),
        async (key, objectKey, values, mutations) => {
          const fields = await minioForm(key, objectKey, values)
          const now = at(fields)
          const verified = verify(fields, now)
          assert.deepEqual([verified.accessKey, verified.key], [key.accessKey, objectKey])
          assert.deepEqual([verified.upload.leastLength, verified.upload.mostLength], [1, 1000])
          assert.ok(refused(() => verify(fields, now + 2 * HOUR)))
          fields.forEach((field, place) => {
            for (const part of [0, 1]) {
              const mutated = mutations[(2 * place + part) % mutations.length](field[part].toString('latin1'))
              const pair = field.with(part, Buffer.from(mutated, 'latin1'))
              if (said(pair) !== said(field)) assert.ok(refused(() => verify(fields.with(place, pair), now)), `${pair}`)
            }
            // The bucket is that of the request; a form may repeat it.
            const without = fields.toSpliced(place, 1)
            if (String(field[0]) !== 'bucket') assert.ok(refused(() => verify(without, now)), `without ${field[0]}`)
          })
        },
      ),
      RUNS,
    )
  })
})
