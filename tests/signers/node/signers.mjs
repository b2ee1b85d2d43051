// The signers of other projects: each makes of a wish the request that it would send.
import { createHash } from 'node:crypto'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { SignatureV4a } from '@smithy/signature-v4a'
import { presignSignatureV4, signV4 } from 'minio/dist/esm/signing.mjs'
import { HOST, REGION, target, wire } from './wishes.mjs'

export const EXPIRES = 3600

const rawHeaders = (headers) => Object.entries(headers).map(([name, value]) => [name, wire(String(value))])
const behindHost = (url) => url.slice(url.indexOf(HOST) + HOST.length)
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

const settings = (key) => ({
  service: 's3',
  region: REGION,
  credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey, sessionToken: key.sessionToken },
  sha256: Sha256,
  uriEscapePath: false,
})

export const smithy = (key) => new SignatureV4(settings(key))

function smithyRequest(wish, headers, body) {
  const query = {}
  for (const [name, value] of wish.query) query[name] = [...(query[name] ?? []), value]
  return new HttpRequest({
    method: wish.method,
    protocol: 'https:',
    hostname: HOST,
    path: wish.path,
    query,
    headers: { host: HOST, ...headers },
    body,
  })
}

const pairs = (query) => Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))

export async function smithyHeader(wish) {
  const signed = await smithy(wish.key).sign(smithyRequest(wish, wish.headers, wish.body), { signingDate: wish.time })
  return { method: wish.method, url: target(wish), headers: rawHeaders(signed.headers), body: wish.body.toString('latin1') }
}

export async function smithyV4aHeader(wish) {
  const signer = new SignatureV4a(settings(wish.key))
  const signed = await signer.sign(smithyRequest(wish, wish.headers, wish.body), { signingDate: wish.time })
  return { method: wish.method, url: target(wish), headers: rawHeaders(signed.headers), body: wish.body.toString('latin1') }
}

export async function smithyQuery(wish) {
  // As the client of S3 has it: what the body will be is not known.
  const request = smithyRequest(wish, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' })
  const signed = await smithy(wish.key).presign(request, { signingDate: wish.time, expiresIn: EXPIRES })
  const url = target({ path: signed.path, query: pairs(signed.query) })
  return { method: wish.method, url, headers: rawHeaders(signed.headers) }
}

export function minioHeader(wish) {
  const digest = sha256(wish.body)
  // Its client gives the signer values without space around them.
  const trimmed = Object.entries(wish.headers).map(([name, value]) => [name, value.replace(/\s+/g, ' ').trim()])
  const headers = {
    host: HOST,
    'x-amz-date': wish.time.toISOString().replace(/[-:]|\.\d{3}/g, ''),
    'x-amz-content-sha256': digest,
    ...(wish.key.sessionToken && { 'x-amz-security-token': wish.key.sessionToken }),
    ...Object.fromEntries(trimmed),
  }
  const request = { method: wish.method, path: target(wish), headers }
  headers.authorization = signV4(request, wish.key.accessKey, wish.key.secretKey, REGION, wish.time, digest)
  return { method: wish.method, url: request.path, headers: rawHeaders(headers), body: wish.body.toString('latin1') }
}

export function minioQuery(wish) {
  const request = { method: wish.method, path: target(wish), protocol: 'https:', headers: { host: HOST } }
  const { accessKey, secretKey, sessionToken } = wish.key
  const url = presignSignatureV4(request, accessKey, secretKey, sessionToken, REGION, wish.time, EXPIRES)
  return { method: wish.method, url: behindHost(url), headers: [['host', HOST]] }
}

/** Its canonical query is sorted with the `=` between name and value, which differs where a name begins another. */
export function minioCanSign(wish) {
  const names = wish.query.map(([name]) => encodeURIComponent(name))
  return names.every((name) => names.every((other) => other === name || !other.startsWith(name)))
}
