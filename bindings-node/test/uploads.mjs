// Uploads with their bodies, as alice's client signs them.
import { Iam, Signer, Verifier } from 's3iam'

export const ALICE = { accessKey: 'alice', secretKey: 'alice-secret-key' }
export const now = Date.UTC(2026, 0, 15, 12)
export const signer = new Signer(ALICE)
export const verifier = new Verifier().addKey(ALICE)
export const iam = Iam.load('{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key", "policies": ["readwrite"]}}}')
export const bytes = (text) => Buffer.from(text)

/** A signed upload of a body as a whole. */
export function plain(body, more = {}, how = {}) {
  const request = { method: 'PUT', url: '/bucket/key', headers: { host: 's3.example.com', ...more }, now }
  const added = signer.sign({ ...request, body: bytes(body) }, how)
  return { ...request, headers: { ...request.headers, ...Object.fromEntries(added) } }
}

/** A signed upload in chunks of so many bytes: the request and its body. */
export function chunked(object, size = 8192, kind = 'signed', by = signer, trailers = {}) {
  const headers = {
    host: 's3.example.com',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(object.length),
  }
  if (Object.keys(trailers).length > 0) headers['x-amz-trailer'] = Object.keys(trailers).join(',')
  const request = { method: 'PUT', url: '/bucket/key', headers, now }
  const { headers: added, chunks } = by.signChunks(request, kind)
  const pieces = []
  for (let at = 0; at < object.length; at += size) pieces.push(chunks.encode(object.subarray(at, at + size)))
  pieces.push(chunks.finish(trailers))
  return [{ ...request, headers: { ...headers, ...Object.fromEntries(added) } }, Buffer.concat(pieces)]
}

/** All bytes from 0 to 255, over and over. */
export const object = Buffer.from(Array.from({ length: 20_000 }, (_, i) => i % 251))
