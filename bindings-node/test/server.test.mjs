// Real requests to real servers on this machine, signed by `aws4` and authorized from what the server
// was given.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { createRequire } from 'node:module'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import aws4 from 'aws4'
import { AccessDenied, Iam, OperationError, SignatureError, Signer, Verifier } from 's3iam'
import { ALICE, ALICE2, BOB, directory } from './directory.mjs'

const REGION = 'eu-west-1'
const iam = Iam.load(directory, { region: REGION })
let server
let host
/** What the server says about a request beyond what is on the wire. */
let facts
/** The verdict on the last request. */
let verdict

before(async () => {
  server = http.createServer(async (req, res) => {
    const chunks = []
    for await (const chunk of req) chunks.push(chunk)
    verdict = iam.authorize(req, { requestId: 'R1', ...facts, body: Buffer.concat(chunks) })
    res.writeHead(verdict.httpStatus, { 'content-type': 'application/xml' }).end(verdict.errorXml)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${server.address().port}`
})
after(() => server.close())

const { sendRequest } = createRequire(import.meta.url)('../lib/request.cjs')

/** The value of the last header in the packed request. */
function echo(message) {
  return sendRequest((buffer) => {
    const [headers, lengths, textBytes] = [buffer.readUInt16LE(2), buffer.readUInt16LE(6), buffer.readUInt32LE(16)]
    const end = 24 + 4 * lengths + textBytes
    return buffer.latin1Slice(end - buffer.readUInt32LE(24 + 4 * (4 + 2 * headers - 1)), end)
  }, message)
}

/** Sends a request as it is, and returns status and body. */
async function send({ method = 'GET', path, headers, body = '' }) {
  const { port } = server.address()
  const req = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  req.end(body)
  const [res] = await once(req, 'response')
  let text = ''
  for await (const chunk of res) text += chunk
  return { status: res.statusCode, text }
}

function sign(request, credentials) {
  const signed = aws4.sign({ host, service: 's3', region: REGION, method: 'GET', ...request }, credentials)
  return { method: signed.method, path: signed.path, headers: signed.headers, body: request.body }
}

describe('a signed request', () => {
  test('is allowed, and says who, what and where', async () => {
    facts = undefined
    const { status, text } = await send(sign({ path: '/photos/2026/cat%20%C3%A9.jpg?x-id=GetObject' }, ALICE))
    assert.deepEqual([status, text], [200, ''])
    assert.equal(verdict.allowed, true)
    assert.deepEqual([verdict.user, verdict.accessKey], ['alice', 'alice'])
    assert.deepEqual([verdict.operation, verdict.bucket, verdict.key], ['GetObject', 'photos', '2026/cat é.jpg'])
    assert.equal(verdict.decision.outcome, 'allow')
    assert.deepEqual([verdict.decision.statement.policy, verdict.decision.statement.sid], ['photos', 'Objects'])
    assert.equal(verdict.error, null)
    assert.equal(verdict.orThrow(), verdict)
  })

  test('may be signed with another key of the same user', async () => {
    await send(sign({ path: '/photos/cat.jpg' }, ALICE2))
    assert.deepEqual([verdict.allowed, verdict.user, verdict.accessKey], [true, 'alice', 'ALICE2'])
  })

  test('is denied by a Deny, with the S3 error to send', async () => {
    const { status, text } = await send(sign({ path: '/photos/vault/key' }, ALICE))
    assert.equal(status, 403)
    assert.match(text, /<Code>AccessDenied<\/Code>/)
    assert.match(text, /<Resource>\/photos\/vault\/key<\/Resource>/)
    assert.match(text, /<RequestId>R1<\/RequestId>/)
    assert.equal(verdict.decision.outcome, 'explicit_deny')
    assert.equal(verdict.decision.statement.sid, 'Vault')
    assert.ok(verdict.error instanceof AccessDenied)
    assert.throws(() => verdict.orThrow(), { code: 'access-denied' })
  })

  test('is denied where no statement allows it', async () => {
    await send(sign({ method: 'PUT', path: '/photos/cat.jpg', body: 'meow' }, BOB))
    assert.deepEqual([verdict.allowed, verdict.user, verdict.decision.outcome], [false, 'bob', 'implicit_deny'])
  })

  test('presigned, is allowed', async () => {
    const { path } = sign({ path: '/photos/cat.jpg?X-Amz-Expires=60', signQuery: true }, BOB)
    const { status } = await send({ path, headers: { host } })
    assert.deepEqual([status, verdict.user, verdict.payload], [200, 'bob', 'unsigned'])
  })

  test('with a body has that body', async () => {
    const signed = sign({ method: 'PUT', path: '/photos/cat.jpg', body: 'meow' }, ALICE)
    assert.equal((await send(signed)).status, 200)
    assert.equal(verdict.payload, createHash('sha256').update('meow').digest('hex'))
    const { status } = await send({ ...signed, body: 'woof' })
    assert.equal(status, 400)
    assert.equal(verdict.error.code, 'content-sha256-mismatch')
  })

  test('may depend on tags that the server knows', async () => {
    const request = () => sign({ path: '/releases/app.tgz' }, ALICE)
    facts = { objectTags: { état: 'publié' } }
    assert.equal((await send(request())).status, 200)
    facts = { objectTags: [['état', 'brouillon']] }
    assert.equal((await send(request())).status, 403)
    facts = undefined
    assert.equal((await send(request())).status, 403)
  })
})

describe('a request that proves nothing', () => {
  const cases = {
    'signed with a wrong secret': [
      () => sign({ path: '/photos/cat.jpg' }, { ...ALICE, secretAccessKey: 'no-secret-of-alice' }),
      'signature-does-not-match',
    ],
    'signed for an unknown key': [
      () => sign({ path: '/photos/cat.jpg' }, { ...ALICE, accessKeyId: 'mallory' }),
      'unknown-access-key',
    ],
    'signed for another path': [
      () => ({ ...sign({ path: '/photos/cat.jpg' }, ALICE), path: '/photos/dog.jpg' }),
      'signature-does-not-match',
    ],
    'signed for another region': [
      () => sign({ path: '/photos/cat.jpg', region: 'us-east-1' }, ALICE),
      'wrong-region',
    ],
    'signed long ago': [
      () => sign({ path: '/photos/cat.jpg', headers: { 'X-Amz-Date': '20200101T000000Z' } }, ALICE),
      'request-time-too-skewed',
    ],
  }
  for (const [name, [request, code]] of Object.entries(cases)) {
    test(`${name} is refused`, async () => {
      const { status, text } = await send(request())
      assert.deepEqual([verdict.allowed, verdict.user, verdict.error.code], [false, null, code])
      assert.ok(verdict.error instanceof SignatureError)
      assert.equal(status, verdict.error.httpStatus)
      assert.ok(text.includes(`<Code>${verdict.error.s3Code}</Code>`))
    })
  }

  test('anonymous is refused', async () => {
    assert.equal((await send({ path: '/photos/cat.jpg', headers: { host } })).status, 403)
    assert.deepEqual([verdict.user, verdict.error.code], [null, 'access-denied'])
  })

  test('for no operation of S3 is refused', async () => {
    await send(sign({ method: 'PATCH', path: '/photos/cat.jpg' }, ALICE))
    assert.equal(verdict.allowed, false)
    assert.ok(verdict.error instanceof OperationError)
  })
})

describe('a message of the server', () => {
  test('is taken with what a router has not shortened', () => {
    const { path, headers } = sign({ path: '/photos/cat.jpg' }, ALICE)
    const message = {
      method: 'GET',
      url: '/cat.jpg',
      originalUrl: path,
      rawHeaders: Object.entries(headers).flat(),
      socket: { remoteAddress: '127.0.0.1' },
    }
    assert.equal(iam.authorize(message).key, 'cat.jpg')
    assert.equal(iam.authorize(message).allowed, true)
    assert.equal(iam.authorize({ ...message, originalUrl: undefined }).allowed, false)
  })

  test('may come over HTTP/2', async () => {
    const server = http2.createServer((req, res) => {
      verdict = iam.authorize(req)
      res.writeHead(verdict.httpStatus).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const authority = `127.0.0.1:${server.address().port}`
    const client = http2.connect(`http://${authority}`)
    try {
      const { headers } = aws4.sign({ host: authority, service: 's3', region: REGION, path: '/photos/cat.jpg' }, ALICE)
      const { Host, ...fields } = headers
      const stream = client.request({ ':path': '/photos/cat.jpg', ...fields })
      const [response] = await once(stream, 'response')
      stream.close()
      assert.deepEqual([response[':status'], verdict.user, verdict.key], [200, 'alice', 'cat.jpg'])
    } finally {
      client.close()
      server.close()
    }
  })

  test('arrives byte by byte, whatever its length and whatever its bytes', () => {
    // Around the size of the buffer, where text in UTF-8 would no longer fit.
    for (const length of [1, 100, 16_300, ...Array.from({ length: 120 }, (_, i) => 16_240 + i), 17_000, 100_000]) {
      for (const byte of ['a', '\x80', '\xff']) {
        const message = { method: 'GET', url: '/b/k', rawHeaders: ['X-Amz-Meta-A', byte.repeat(length)], socket: {} }
        assert.equal(echo(message), byte.repeat(length))
      }
    }
    for (const count of [29, 30, 31, 500, 30_000]) {
      const rawHeaders = Array.from({ length: 2 * count }, (_, i) => String(i % 10))
      assert.equal(echo({ method: 'GET', url: '/b/k', rawHeaders, socket: {} }), rawHeaders.at(-1))
    }
  })

  test('carries the connection’s address and security', () => {
    const only = (Condition) => ({
      version: 1,
      policies: {
        p: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*', Condition }],
        },
      },
      users: { alice: { secret_key: ALICE.secretAccessKey, policies: ['p'] } },
    })
    const allowed = (condition, socket, facts) => {
      const { path, headers } = sign({ path: '/photos/cat.jpg' }, ALICE)
      const message = { method: 'GET', url: path, rawHeaders: Object.entries(headers).flat(), socket }
      return Iam.load(JSON.stringify(only(condition))).authorize(message, facts).allowed
    }
    const inside = { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', 'fe80::/10'] } }
    assert.equal(allowed(inside, { remoteAddress: '10.1.2.3' }), true)
    assert.equal(allowed(inside, { remoteAddress: '::ffff:10.1.2.3' }), true, 'a dual-stack socket')
    assert.equal(allowed(inside, { remoteAddress: 'fe80::1%eth0' }), true, 'a link-local address')
    assert.equal(allowed(inside, { remoteAddress: '192.0.2.1' }), false)
    assert.equal(allowed(inside, { remoteAddress: undefined }), false, 'a peer that is gone')
    assert.equal(allowed(inside, { remoteAddress: '192.0.2.1' }, { remoteAddress: '10.0.0.1' }), true, 'a proxy’s word')
    const tls = { Bool: { 'aws:SecureTransport': 'true' } }
    assert.equal(allowed(tls, { encrypted: true }), true)
    assert.equal(allowed(tls, {}), false)
    assert.equal(allowed(tls, {}, { secure: true }), true)
  })
})

describe('a verifier', () => {
  const verifier = new Verifier({ region: REGION })
    .addKey({ accessKey: 'alice', secretKey: ALICE.secretAccessKey })
    .addKey({ accessKey: 'gone', secretKey: 'secret-of-gone', enabled: false })
    .addKey({ accessKey: 'brief', secretKey: 'secret-of-brief', sessionToken: 'TOKEN', expires: Date.now() + 60_000 })

  const verify = (request, credentials, more) => verifier.verify({ ...partsOf(sign(request, credentials)), ...more })
  const partsOf = ({ method, path, headers }) => ({ method, url: path, headers })

  test('says who signed, how, and what of the body', () => {
    const before = Date.now()
    const { anonymous, accessKey, form, payload, signedAt } = verify({ path: '/b/k' }, ALICE)
    assert.deepEqual([anonymous, accessKey, form], [false, 'alice', 'sigv4-header'])
    assert.equal(payload, createHash('sha256').digest('hex'))
    assert.ok(Math.abs(signedAt - before) < 10_000)
    assert.equal(verify({ path: '/b/k', signQuery: true }, ALICE).form, 'sigv4-presigned')
  })

  test('says that nobody did', () => {
    const verified = verifier.verify({ method: 'GET', url: '/', headers: { host: 'h' } })
    assert.deepEqual(verified.toJSON(), { anonymous: true, accessKey: null, form: null, payload: null, signedAt: null })
  })

  test('gives an answer that can be shown, and not be changed', () => {
    const verified = verify({ path: '/b/k' }, ALICE)
    const { anonymous, accessKey, form, payload, signedAt } = verified
    const all = { anonymous, accessKey, form, payload, signedAt }
    assert.deepEqual(verified.toJSON(), all)
    assert.equal(JSON.stringify(verified), JSON.stringify(all))
    assert.equal(inspect(verified), `Verified ${inspect(all)}`)
    for (const name of Object.keys(all)) assert.throws(() => (verified[name] = 'other'), TypeError, name)
    verified.signedAt.setTime(0)
    assert.deepEqual(verified.signedAt, signedAt)
  })

  test('knows keys of every script, and time before 1970', () => {
    const key = { accessKey: 'zoë-鍵', secretKey: 'secret-of-zoe' }
    const now = Date.UTC(1965, 3, 5)
    const request = { method: 'GET', url: '/b/k', headers: { Host: 'h' }, now }
    const headers = { ...request.headers, ...Object.fromEntries(new Signer(key).sign(request)) }
    headers.authorization = Buffer.from(headers.authorization).latin1Slice()
    const verified = new Verifier().addKey(key).verify({ ...request, headers })
    assert.deepEqual([verified.accessKey, Number(verified.signedAt)], [key.accessKey, now])
  })

  test('knows temporary and disabled keys', () => {
    const brief = { accessKeyId: 'brief', secretAccessKey: 'secret-of-brief', sessionToken: 'TOKEN' }
    assert.equal(verify({ path: '/' }, brief).accessKey, 'brief')
    assert.throws(() => verify({ path: '/' }, { ...brief, sessionToken: 'OTHER' }), { code: 'session-token-invalid' })
    assert.throws(() => verify({ path: '/' }, { ...brief, sessionToken: undefined }), { code: 'session-token-missing' })
    assert.throws(() => verify({ path: '/' }, { accessKeyId: 'gone', secretAccessKey: 'secret-of-gone' }), {
      name: 'SignatureError',
      code: 'disabled-access-key',
    })
  })

  test('takes version 2 where that is allowed, and the bucket of the host', () => {
    const date = new Date().toUTCString()
    const signature = createHmac('sha1', ALICE.secretAccessKey).update(`GET\n\n\n${date}\n/photos/cat.jpg`).digest('base64')
    const headers = { host: 'photos.s3.example.com', date, authorization: `AWS alice:${signature}` }
    const answer = (options) =>
      new Verifier(options)
        .addKey({ accessKey: 'alice', secretKey: ALICE.secretAccessKey })
        .verify({ method: 'GET', url: '/cat.jpg', headers })
    assert.equal(answer({ allowSigv2: true, domains: ['s3.example.com'] }).form, 'sigv2-header')
    assert.throws(() => answer({ allowSigv2: true }), { code: 'signature-does-not-match' })
    assert.throws(() => answer({ domains: ['s3.example.com'] }), { code: 'auth-form-unsupported' })
  })

  test('goes by the time that it is given', () => {
    assert.throws(() => verify({ path: '/' }, ALICE, { now: Date.now() + 3_600_000 }), { code: 'request-time-too-skewed' })
    assert.throws(() => verify({ path: '/' }, ALICE, { now: new Date(0) }), { code: 'request-time-too-skewed' })
  })
})

test('a directory is replaced whole, and its problems are told', () => {
  const iam = Iam.load(directory, { region: REGION })
  const request = () => {
    const { method, path, headers } = sign({ path: '/photos/cat.jpg' }, ALICE)
    return { method, url: path, headers }
  }
  const before = iam.authorize(request())
  assert.equal(before.allowed, true)
  assert.deepEqual(iam.problems, [])
  iam.replace('{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key", "policies": ["nothing"]}}}')
  assert.equal(iam.authorize(request()).allowed, false)
  assert.equal(iam.problems.length, 1)
  assert.equal(iam.problems[0].pointer, '/users/alice/policies/0')
  assert.equal(before.user, 'alice', 'a verdict outlives its directory')
})

test('a verdict is plain data on demand', () => {
  const { method, path, headers } = sign({ path: '/photos/cat.jpg' }, ALICE)
  const data = JSON.parse(JSON.stringify(iam.authorize({ method, url: path, headers })))
  assert.deepEqual([data.allowed, data.user, data.key, data.error, data.httpStatus], [true, 'alice', 'cat.jpg', null, 200])
})
