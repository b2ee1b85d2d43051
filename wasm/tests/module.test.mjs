// What is particular to the module: how it is loaded, its memory, and what happens when it stops.
// Everything else is held to the npm package's own tests (`surface.test.mjs`).
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import aws4 from 'aws4'
import init, * as s3iam from 's3iam-wasm'
import * as raw from '../js/module/node/s3iam.js'
import { inNode } from './in-node.mjs'

const { Iam, Policy, S3IamError, SignatureError, Verifier, validate, version } = s3iam
const DIRECTORY = JSON.stringify({
  version: 1,
  users: { alice: { secret_key: 'alice-and-her-secret', policies: ['readwrite'] } },
})

/** A request as alice's client signs it now. */
function signed({ method = 'GET', path = '/photos/cat.jpg', body = '', headers: given = {} } = {}) {
  const options = { service: 's3', region: 'us-east-1', host: 's3.example.com', method, path, body, headers: given }
  const { headers } = aws4.sign(options, { accessKeyId: 'alice', secretAccessKey: 'alice-and-her-secret' })
  return { method, url: path, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])) }
}

describe('loading', () => {
  test('in Node the import is enough, and init does nothing', async () => {
    assert.equal(version(), JSON.parse(readFileSync(new URL('../package.json', import.meta.url))).version)
    assert.equal(await init(), undefined)
  })

  test('CommonJS loads the same module', { skip: !process.features.require_module && 'this Node cannot require ESM' }, () => {
    assert.equal(createRequire(import.meta.url)('s3iam-wasm').Policy, Policy)
  })

  test('the entry for browsers takes bytes, and says so when it was not loaded', () => {
    const program = `
      import { readFileSync } from 'node:fs'
      import init, { initSync, version } from '../js/index.js'
      try { version() } catch (error) { console.log(error.name, error.code, error.message) }
      await init(new Uint8Array([1, 2, 3])).catch((error) => console.log(error.code, error.cause.name))
      initSync(readFileSync('../js/module/s3iam_bg.wasm'))
      await init()
      console.log(version())`
    assert.deepEqual(inNode(program).split('\n'), [
      'S3IamError invalid-argument s3iam-wasm is not loaded yet: await init() first',
      'internal CompileError',
      version(),
    ])
  })
})

describe('requests of a server', () => {
  test('a message of node:http is authorized as it arrived', async (t) => {
    const iam = Iam.load(DIRECTORY)
    const server = createServer((request, response) => {
      const { httpStatus, errorXml, user, operation, key } = iam.authorize(request, { requestId: 'R1' })
      response.writeHead(httpStatus).end(errorXml || JSON.stringify([user, operation, key]))
    })
    t.after(() => server.closeAllConnections() ?? server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const ask = async (path) => {
      const { url, headers } = signed({ path: '/photos/summer%20day.jpg' })
      const [response] = await once(get({ port: server.address().port, path: path ?? url, headers, setHost: false }), 'response')
      const body = Buffer.concat(await response.toArray()).toString()
      return [response.statusCode, body]
    }
    assert.deepEqual(await ask(), [200, '["alice","GetObject","summer day.jpg"]'])
    const [status, xml] = await ask('/photos/other.jpg')
    assert.equal(status, 403)
    assert.match(xml, /<Code>SignatureDoesNotMatch<\/Code>[^]*<RequestId>R1<\/RequestId>/)
  })
})

describe('memory', () => {
  test('a document of many megabytes is answered, and so is what comes after it', () => {
    const { status } = validate(' '.repeat(40_000_000))
    assert.equal(status, 'unreadable')
    const iam = Iam.load(DIRECTORY)
    const body = new Uint8Array(30_000_000)
    assert.equal(iam.authorize({ method: 'PUT', url: '/b/k', headers: { host: 'h' } }, { body }).allowed, false)
    assert.equal(iam.authorize(signed()).allowed, true)
  })

  test('repeated calls do not grow it', () => {
    const iam = Iam.load(DIRECTORY)
    const policy = Policy.builtIn('readwrite')
    const request = signed()
    const question = { action: 's3:GetObject', bucket: 'b', object: 'k', context: { 'aws:username': 'alice' } }
    const use = () => {
      for (let i = 0; i < 2000; i++) {
        iam.authorize(request)
        policy.decide(question)
        validate('{"Statement":')
      }
    }
    use()
    const before = memoryBytes()
    use()
    assert.equal(memoryBytes(), before)
  })

  test('a decision that was made before is the same object, and nobody can change it', () => {
    const policy = Policy.builtIn('readwrite')
    const first = policy.decide({ action: 's3:GetObject', bucket: 'b', object: 'k' })
    const second = policy.decide({ action: 's3:PutObject', bucket: 'b', object: 'other' })
    assert.equal(first, second)
    assert.throws(() => (first.allowed = false), TypeError)
    assert.throws(() => (first.statement.index = 1), TypeError)
    const { statement } = policy.decide({ action: 'admin:CreateUser' })
    assert.equal(statement, null)
  })
})

describe('the packed request', () => {
  const iam = raw.Iam.load(new TextEncoder().encode(DIRECTORY), new raw.Options())
  const verifier = new raw.Verifier(new raw.Options())

  function code(bytes, ask) {
    const pointer = raw.exchange(Math.max(bytes.length, 1))
    memory().set(bytes, pointer)
    try {
      if (ask(bytes.length) === -1) throw verifier.refusal()
    } catch (thrown) {
      return JSON.parse(thrown).error.code
    }
  }

  function memory() {
    // Loading again answers with the module that is loaded.
    return new Uint8Array(raw.initSync({ module: new Uint8Array() }).memory.buffer)
  }

  function packed() {
    const text = new TextEncoder().encode('GET\n/b/k\n\n\nHost\nh')
    const bytes = new Uint8Array(24 + text.length + 4)
    const head = new DataView(bytes.buffer)
    bytes.set([1, 2, 1])
    head.setUint32(16, text.length, true)
    head.setUint32(20, 4, true)
    bytes.set(text, 24)
    return bytes
  }

  test('one cut short at any byte is refused', () => {
    const whole = packed()
    for (const ask of [(length) => iam.authorize(length), (length) => verifier.verify(length)]) {
      assert.equal(code(whole, ask), undefined)
      for (let end = 0; end < whole.length; end++) {
        assert.equal(code(whole.subarray(0, end), ask), 'malformed-packed-request', `cut at ${end}`)
      }
    }
  })

  test('one with another version, reserved bits or a longer announcement is refused', () => {
    for (const [at, value] of [[0, 2], [1, 0x80], [2, 2], [6, 1], [16, 0xff], [20, 0xff]]) {
      const bytes = packed()
      bytes[at] = value
      assert.equal(code(bytes, (length) => iam.authorize(length)), 'malformed-packed-request', `byte ${at}`)
    }
  })

  test('an answer is found where the memory has grown meanwhile', (t) => {
    const { verify } = raw.Verifier.prototype
    t.after(() => (raw.Verifier.prototype.verify = verify))
    raw.Verifier.prototype.verify = function (length) {
      const answer = verify.call(this, length)
      raw.initSync({ module: new Uint8Array() }).memory.grow(1)
      return answer
    }
    const verifier = new Verifier()
    verifier.addKey({ accessKey: 'alice', secretKey: 'alice-and-her-secret' })
    for (let turn = 0; turn < 2; turn++) assert.equal(verifier.verify(signed()).accessKey, 'alice')
  })

  test('a length beyond the buffer reads nothing beyond it', () => {
    raw.exchange(1)
    assert.throws(() => iam.authorize(0xffffffff), (thrown) => JSON.parse(thrown).error.code === 'malformed-packed-request')
    assert.throws(() => raw.Policy.parse(new TextEncoder().encode('{"Version":"2012-10-17","Statement":[]}'), 'identity', true)
      .decide(0xffffffff, 0xffffffff, 0), (thrown) => JSON.parse(thrown).error.code === 'invalid-argument')
  })
})

describe('bodies', () => {
  const chunked = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
  const body = new TextEncoder().encode('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n')
  const verifier = new Verifier().addKey({ accessKey: 'alice', secretKey: 'alice-and-her-secret' })
  const iam = Iam.load(DIRECTORY)

  test('each belongs to its own request, whatever was asked in between', () => {
    const verdict = iam.authorize(signed({ method: 'PUT', headers: chunked }))
    const verified = verifier.verify(signed({ method: 'PUT', headers: chunked }))
    const others = [iam.authorize(signed()), verifier.verify(signed())]
    assert.throws(() => verifier.verify({ ...signed(), method: 'PUT' }), SignatureError)
    for (const { payload } of [verdict, verified]) assert.equal(payload, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    for (const answer of [verdict, verified]) {
      const reader = answer.bodyReader()
      assert.equal(Buffer.from(reader.push(body)).toString(), 'hello')
      assert.equal(reader.finish().checksum.value, 'NhCmhg==')
    }
    for (const answer of others) {
      const reader = answer.bodyReader()
      assert.equal(reader.decodedLength, null)
      assert.equal(reader.finish().checksum, null)
    }
  })

  test('a body of nothing but its payload leaves nothing in the module', () => {
    iam.authorize(signed({ method: 'PUT', headers: chunked }))
    iam.authorize(signed())
    assert.equal(raw.takeBody(), undefined)
  })
})

describe('a module that has stopped', () => {
  test('says so in this and in every later call', () => {
    const program = `
      import { Policy, S3IamError, validate } from 's3iam-wasm'
      import { call } from '../js/engine.js'
      const policy = Policy.builtIn('readwrite')
      const tell = (work) => {
        try { console.log(work()) } catch (error) { console.log(error instanceof S3IamError, error.code, error.cause?.name) }
      }
      tell(() => call(() => { throw new WebAssembly.RuntimeError('unreachable') }))
      tell(() => validate('{}'))
      tell(() => policy.decide({ action: 's3:GetObject' }))`
    assert.deepEqual(inNode(program).split('\n'), Array(3).fill('true internal RuntimeError'))
  })

  test('no memory for an input is an error, and the module goes on', () => {
    const program = `
      import { version } from 's3iam-wasm'
      import { room } from '../js/engine.js'
      try { room(0xfffffff0) } catch (error) { console.log(error.name, error.code) }
      console.log(version())`
    assert.deepEqual(inNode(program).split('\n'), ['S3IamError internal', version()])
  })
})

describe('errors', () => {
  test('those worded by this package are those of the core’s table', () => {
    const shape = ({ code, number, s3Code, httpStatus, details }) => ({ code, number, s3Code, httpStatus, details })
    const thrownBy = (work) => {
      try {
        work()
      } catch (error) {
        assert.ok(error instanceof S3IamError)
        return shape(error)
      }
    }
    const fromCore = thrownBy(() => Policy.parse('{}', { kind: 'role' }))
    assert.deepEqual(thrownBy(() => Policy.parse(1)), fromCore)
    const tooLong = thrownBy(() => new Verifier().verify({ method: 'GET', url: `/${'x'.repeat(300_000)}` }))
    assert.deepEqual(tooLong, thrownBy(() => new Verifier().verify({ method: 'GET', url: '/', remoteAddress: 'nowhere' })))
  })
})

/** How large the module's memory is. */
function memoryBytes() {
  return raw.initSync({ module: new Uint8Array() }).memory.buffer.byteLength
}
