// Requests that somebody wants to send, generated: what the signers here are given.
//
// Text of the wire is Latin-1 throughout, so that each character is one of its bytes.
import fc from 'fast-check'
import { S3IamError, Verifier } from '../../../bindings-node/lib/index.js'

export const HOST = 's3.example.com'
export const REGION = 'eu-central-1'
export const BUCKET = 'bucket'
export const STATIC = { accessKey: 'AKIDEXAMPLEUSER00001', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
export const TEMPORARY = {
  accessKey: 'ASIATEMPORARY0000001',
  secretKey: 'tempSecretKey/0000000000000000000000000000',
  sessionToken: 'IQoJb3JpZ2luX2VjEJr//wEa+CX=',
}

// The runner of the tests does not show the cause of an error.
fc.configureGlobal({ includeErrorInReport: true })

// SIGNER_EXAMPLES asks for a longer run, with other examples each time.
const wanted = process.env.SIGNER_EXAMPLES
export const RUNS = wanted === undefined ? { numRuns: 150, seed: 1 } : { numRuns: Number(wanted) }

export const verifier = new Verifier({ region: REGION }).addKey(STATIC).addKey(TEMPORARY)

class NobodySigned extends Error {}

/** Whether that is answered with an error that tells the client it is at fault, or as to nobody in particular. */
export function refused(call) {
  try {
    call()
  } catch (error) {
    if (error instanceof NobodySigned) return true
    if (error instanceof S3IamError && error.httpStatus >= 400 && error.httpStatus < 500) return true
    throw error
  }
  return false
}

/** The UTF-8 of a text, a character for each byte. */
export const wire = (text) => Buffer.from(text, 'utf8').toString('latin1')

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())
export const target = ({ path, query }) =>
  query.length === 0 ? path : path + '?' + query.map((pair) => pair.map(encode).join('=')).join('&')

// Where encoding goes wrong: reserved and unreserved marks, white space, what is not ASCII.
const MARKS = [..."~-._ +%&=?/:;@,$!*'()[]{}|\\^`\"<>#aZ0\t\x00\x7fäß€あ😀\u0301"]
const text = fc.string({ unit: fc.oneof(fc.constantFrom(...MARKS), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 12 })
  // Half a surrogate pair is no text.
  .filter((made) => made.isWellFormed())
const headerText = fc.string({ unit: fc.constantFrom(...",;:=\"'\\/+%aZ0~äß€あ😀  \t"), maxLength: 16 })
const headerName = fc.constantFrom('range', 'content-type', 'x-amz-acl', 'x-amz-meta-a', 'x-amz-meta-a-b', 'x-own', 'x-amz-meta-n.o_')
// The query is an object for some signers, so that what every object has is no name.
const query = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom('a', 'A', 'a-b', 'list-type', 'uploads', 'versionId'), text.filter((name) => name !== '' && !(name in {}))),
    fc.oneof(fc.constant(''), text),
  ),
  { maxLength: 5 },
)

/** Any request of S3, with keys and parameters of every kind. */
export const wishes = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'PUT', 'POST', 'HEAD', 'DELETE', 'PATCH'), fc.string({ unit: fc.constantFrom(...'ABCXYZ'), minLength: 1, maxLength: 7 })),
  path: fc.oneof(fc.constantFrom('/', `/${BUCKET}`, `/${BUCKET}/`), text.map((key) => `/${BUCKET}/` + key.split('/').map(encode).join('/'))),
  query,
  headers: fc.dictionary(headerName, headerText, { maxKeys: 4, noNullPrototype: true }),
  body: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  key: fc.constantFrom(STATIC, TEMPORARY),
  time: fc.integer({ min: 946684800, max: 4102358400 }).map((seconds) => new Date(seconds * 1000)),
})

/** A fixed one, of which every byte is changed. */
export const sample = (key) => ({
  method: 'PUT',
  path: `/${BUCKET}/%C3%BC/a%20b%2Bc//~`,
  query: [['partNumber', '2'], ['uploadId', 'a/b'], ['uploadId', ''], ['z', ' ']],
  headers: { range: 'bytes=0-1', 'x-amz-meta-note': 'two  spaces', 'x-amz-acl': 'private' },
  body: Buffer.from('some bytes'),
  key,
  time: new Date(Date.UTC(2026, 0, 15, 12)),
})

/** Says who signed a request as it is on the wire. */
export function verify({ method, url, headers, body }, now) {
  const bytes = body === undefined ? undefined : Buffer.from(body, 'latin1')
  const verified = verifier.verify({ method, url, rawHeaders: headers.flat(), body: bytes, now })
  if (verified.anonymous) throw new NobodySigned()
  return verified
}
