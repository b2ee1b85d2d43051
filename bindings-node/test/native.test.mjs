// The addon itself, without the checks that `lib` makes: malformed buffers and wrong types are errors,
// and nothing brings the process down.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'

const native = createRequire(import.meta.url)('../lib/native.cjs').load()
const utf8 = (text) => Buffer.from(text)
const REFUSED = /^\{"allowed":false,/

describe('a packed request', () => {
  const iam = native.Iam.load(utf8('{"version": 1}'), {})
  const held = Buffer.alloc(1024)
  const authorize = iam.authorizer(held)
  const text = 'GET\n/b/k\n\n\nHost\nh'
  const packed = Buffer.alloc(24 + text.length)
  packed.writeUInt8(1, 0)
  packed.writeUInt16LE(1, 2)
  packed.writeUInt32LE(text.length, 16)
  packed.latin1Write(text, 24)

  test('is read from the start of a longer buffer', () => {
    assert.match(authorize(Buffer.concat([packed, utf8('\nleft over')])), /^\{"allowed":false,.*\}$/s)
  })

  test('is refused wherever it is cut short', () => {
    for (let end = 0; end < packed.length; end++) {
      assert.throws(() => authorize(packed.subarray(0, end)), /malformed-packed-request/, `cut at ${end}`)
    }
  })

  test('is never allowed with any one byte changed', () => {
    for (let at = 0; at < packed.length; at++) {
      for (const value of [0, 1, 2, 4, 0x0a, 0x7f, 0x80, 0xff]) {
        const changed = Buffer.from(packed)
        changed[at] = value
        try {
          assert.match(authorize(changed), REFUSED)
        } catch (error) {
          assert.match(error.message, /malformed-packed-request/)
        }
      }
    }
  })

  test('is bytes and nothing else', () => {
    for (const wrong of [undefined, null, 1, 'text', {}, [], new Uint16Array(24), new ArrayBuffer(24), new DataView(new ArrayBuffer(24))]) {
      assert.throws(() => authorize(wrong), Error)
      assert.throws(() => authorize(packed, wrong ?? 1), Error)
    }
    for (const wrong of [undefined, null, 1, 'text', {}]) assert.throws(() => iam.authorizer(wrong), Error)
  })

  test('is read from the buffer that the function holds, where none is given', () => {
    assert.throws(() => authorize(), /malformed-packed-request/)
    packed.copy(held)
    assert.match(authorize(), REFUSED)
    held.fill(0)
    assert.throws(() => authorize(), /malformed-packed-request/)
  })

  test('may come with a body, which may be empty or detached', () => {
    assert.match(authorize(packed, new Uint8Array()), REFUSED)
    const detached = new Uint8Array(8)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    assert.match(authorize(packed, detached), REFUSED)
    assert.throws(() => authorize(detached), /malformed-packed-request/)
  })
})

describe('a packed question', () => {
  const decide = native.Policy.parse(utf8(new Map(native.builtIn()).get('readwrite')), {}).decider()
  const lengths = (...numbers) => Uint32Array.from(numbers)

  test('is refused where lengths and text do not fit', () => {
    for (const [text, numbers, count] of [
      ['s3:GetObject', [13, 0, 0, 0], 4],
      ['s3:GetObject', [0xffffffff, 0xffffffff, 0, 0], 4],
      ['', [1], 1],
    ]) {
      assert.throws(() => decide(utf8(text), lengths(...numbers), count, 0), /invalid-argument/)
    }
    assert.throws(() => decide(Buffer.from([0xff]), lengths(1, 0, 0, 0), 4, 0), /invalid-utf8/)
  })

  test('is of the right types and nothing else', () => {
    for (const wrong of [[], [1], ['text', lengths(4)], [utf8(''), [1]], [utf8(''), lengths(0), 'x', 0]]) {
      assert.throws(() => decide(...wrong), Error)
    }
  })

  test('with fewer pieces than needed is refused', () => {
    for (let count = 0; count < 4; count++) {
      assert.throws(() => decide(utf8(''), lengths(0, 0, 0, 0), count, 0), /invalid-argument/)
    }
    assert.equal(decide(utf8(''), lengths(0, 0, 0, 0), 4, 0) & 3, 2, 'implicit deny')
    for (const flags of [8, 16 | 8, 32, 128]) {
      assert.throws(() => decide(utf8(''), lengths(0, 0, 0, 0), 4, flags), /invalid-argument/)
    }
  })

  test('is of a verb that there is', () => {
    const policy = native.Policy.parse(utf8(new Map(native.builtIn()).get('readwrite')), {})
    for (const verb of ['', 'Decide', 'constructor', 'access']) {
      assert.throws(() => policy.ask(verb, utf8(''), lengths(0, 0, 0, 0), 0), /invalid-argument/)
    }
    assert.throws(() => policy.ask(1, utf8(''), lengths(0, 0, 0, 0), 0), Error)
    assert.throws(() => policy.ask('decideMany', utf8('9'), lengths(0, 1), 0), /invalid-argument/)
  })
})

describe('a packed form', () => {
  const iam = native.Iam.load(utf8('{"version": 1}'), {})
  const verifier = new native.Verifier({})
  const text = 'POST/bhh'
  const request = Buffer.alloc(24 + 4 * 6 + text.length)
  request.writeUInt8(2, 0)
  request.writeUInt16LE(1, 2)
  request.writeUInt16LE(6, 6)
  request.writeUInt32LE(text.length, 16)
  ;[4, 2, 0, 0, 1, 1].forEach((length, i) => request.writeUInt32LE(length, 24 + 4 * i))
  request.latin1Write(text, 24 + 4 * 6)
  const form = Buffer.from('010000000700000000000000010000000300000001000000666b65796b', 'hex')

  test('is refused wherever it is cut short', () => {
    for (let end = 0; end < form.length; end++) {
      assert.throws(() => iam.authorizePost(form.subarray(0, end), request), /malformed-packed-request/, `cut at ${end}`)
      assert.throws(() => verifier.verifyPost('b', form.subarray(0, end), request), /malformed-packed-request/)
    }
    assert.match(iam.authorizePost(form, request).data(), REFUSED)
  })

  test('is bytes and nothing else', () => {
    for (const wrong of [undefined, null, 1, 'text', {}, []]) {
      assert.throws(() => iam.authorizePost(wrong, request), Error)
      assert.throws(() => iam.authorizePost(form, wrong), Error)
      assert.throws(() => verifier.verifyPost('b', wrong, request), Error)
    }
  })
})

test('a body is plain or comes from a request', () => {
  const { Body, BodyReader } = native
  for (const wrong of ['', 'body', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', '0'.repeat(63), undefined, 1]) {
    assert.throws(() => Body.plain(wrong), Error)
  }
  assert.throws(() => Body.plain('unsigned', 'ceph'), /invalid-argument/)
  const reader = Body.plain('unsigned', 'aws').reader()
  for (const wrong of [undefined, null, 1, 'text', {}, []]) assert.throws(() => reader.push(wrong), Error)
  for (const wrong of [{}, new native.Verifier({}), null]) {
    assert.throws(() => BodyReader.prototype.push.call(wrong, utf8('x')), Error)
  }
  assert.match(reader.finish(), /"decodedLength":0/)
})

test('methods refuse objects of other classes', () => {
  const policy = native.Policy.parse(utf8(new Map(native.builtIn()).get('readonly')), {})
  for (const wrong of [{}, new native.Verifier({}), null]) {
    assert.throws(() => native.Policy.prototype.findings.call(wrong), Error)
    assert.throws(() => native.PolicySet.of([wrong]), Error)
  }
  assert.match(policy.findings(), /^\{"status":"good"/)
})

test('documents of wrong types are errors', () => {
  for (const wrong of [undefined, null, 'text', {}, new Float64Array(2)]) {
    assert.throws(() => native.Policy.parse(wrong, {}), Error)
    assert.throws(() => native.Iam.load(wrong, {}), Error)
    assert.throws(() => native.Iam.load(utf8('{}'), wrong === undefined ? 1 : wrong), Error)
  }
})

test('every code of the table has its numbers', () => {
  assert.deepEqual(JSON.parse(native.describe('invalid-argument', 'why')), {
    code: 'invalid-argument',
    number: 1,
    message: 'why',
    s3Code: 'InvalidArgument',
    httpStatus: 400,
    details: {},
  })
  assert.equal(JSON.parse(native.describe('no-such-code', '')).code, 'internal')
})
