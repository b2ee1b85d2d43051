// Policies: parsed, asked, and refused.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Policy, PolicyError, PolicySet, S3IamError, builtInPolicies, validate } from 's3iam'

const policyOf = (...statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const allow = (Action, Resource, more) => ({ Effect: 'Allow', Action, Resource, ...more })
const deny = (Action, Resource, more) => ({ Effect: 'Deny', Action, Resource, ...more })

const READ_PHOTOS = policyOf(allow('s3:GetObject', 'arn:aws:s3:::photos/*', { Sid: 'Read' }))

describe('a policy decides', () => {
  const policy = Policy.parse(READ_PHOTOS)

  test('and names the statement', () => {
    const decision = policy.decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::photos/2026/cat.jpg' })
    assert.equal(decision.outcome, 'allow')
    assert.equal(decision.allowed, true)
    assert.equal(decision.reason, 'statement')
    const { index, sid, start, end } = decision.statement
    assert.deepEqual({ index, sid }, { index: 0, sid: 'Read' })
    assert.equal(JSON.parse(READ_PHOTOS.slice(start, end)).Sid, 'Read')
  })

  test('and denies what no statement allows', () => {
    assert.deepEqual(policy.decide({ action: 's3:PutObject', bucket: 'photos', object: 'cat.jpg' }), {
      outcome: 'implicit_deny',
      allowed: false,
      reason: 'no-statement',
      statement: null,
    })
  })

  test('the same for an ARN and for bucket and object', () => {
    for (const object of ['cat.jpg', 'a/b', 'ÄÖ/猫.jpg', 'two\nlines', 'nul\0', '100%', '']) {
      const byArn = policy.decide({ action: 's3:GetObject', resource: `arn:aws:s3:::photos/${object}` })
      assert.deepEqual(policy.decide({ action: 's3:GetObject', bucket: 'photos', object }), byArn)
    }
  })

  test('with answers that cannot be changed', () => {
    const decision = policy.decide({ action: 's3:PutObject', bucket: 'photos' })
    assert.throws(() => {
      decision.allowed = true
    }, TypeError)
  })

  test('for the owner, and for denials alone', () => {
    const owner = policy.decide({ action: 's3:PutObject', bucket: 'photos', isOwner: true })
    assert.deepEqual([owner.outcome, owner.reason], ['allow', 'owner'])
    const denyOnly = policy.decide({ action: 's3:PutObject', bucket: 'photos', denyOnly: true })
    assert.deepEqual([denyOnly.outcome, denyOnly.reason], ['allow', 'deny-only'])
  })
})

describe('conditions', () => {
  const decide = (Condition, context, object = 'k') => {
    const policy = Policy.parse(policyOf(allow('s3:GetObject', 'arn:aws:s3:::b/*', { Condition })))
    return policy.decide({ action: 's3:GetObject', bucket: 'b', object, context }).allowed
  }

  test('read names with and without their service', () => {
    const condition = { StringEquals: { 'aws:username': 'bob' } }
    assert.equal(decide(condition, { 'aws:username': 'bob' }), true)
    assert.equal(decide(condition, { username: 'bob' }), true)
    assert.equal(decide(condition, { username: 'eve' }), false)
    assert.equal(decide(condition, {}), false)
    assert.equal(decide(condition, { username: undefined }), false)
  })

  test('take booleans, addresses and text beyond ASCII', () => {
    assert.equal(decide({ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': true }), true)
    assert.equal(decide({ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': false }), false)
    assert.equal(decide({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '10.1.2.3' }), true)
    assert.equal(decide({ StringEquals: { 'aws:username': 'Jörg 猫' } }, { username: 'Jörg 猫' }, 'ß'), true)
  })

  test('take several values', () => {
    const condition = { StringEquals: { 'aws:username': 'bob' } }
    assert.equal(decide(condition, { username: ['bob'] }), true)
    assert.equal(decide(condition, { username: [] }), false)
  })

  test('never mix up neighbouring pieces', () => {
    const condition = { StringEquals: { 'aws:username': 'bob' } }
    const high = '\ud83d'
    const low = '\ude00'
    assert.throws(() => decide(condition, { username: high, userid: low }), { code: 'invalid-utf8' })
    assert.throws(() => decide(condition, { [`x${high}`]: low }), { code: 'invalid-utf8' })
  })
})

describe('a set of policies', () => {
  const set = new PolicySet([
    Policy.parse(READ_PHOTOS),
    Policy.parse(policyOf(deny('s3:*', 'arn:aws:s3:::photos/secret/*'))),
  ])

  test('denies what one of them denies', () => {
    const decision = set.decide({ action: 's3:GetObject', bucket: 'photos', object: 'secret/x' })
    assert.equal(decision.outcome, 'explicit_deny')
    assert.deepEqual([decision.statement.policyIndex, decision.statement.index], [1, 0])
  })

  test('allows what one allows and none denies', () => {
    assert.equal(set.decide({ action: 's3:GetObject', bucket: 'photos', object: 'x' }).allowed, true)
  })

  test('allows nothing if it is empty', () => {
    assert.equal(new PolicySet([]).decide({ action: 's3:GetObject', bucket: 'photos' }).allowed, false)
  })
})

describe('built-in policies', () => {
  test('are all good', () => {
    const all = Object.entries(builtInPolicies())
    assert.ok(all.length >= 13)
    for (const [name, document] of all) {
      assert.ok(Policy.builtIn(name) instanceof Policy, name)
      assert.ok(['good', 'refused'].includes(validate(document).status), name)
    }
  })

  test('decide', () => {
    const readonly = Policy.builtIn('readonly')
    assert.equal(readonly.decide({ action: 's3:GetObject', bucket: 'b', object: 'k' }).allowed, true)
    assert.equal(readonly.decide({ action: 's3:PutObject', bucket: 'b', object: 'k' }).allowed, false)
  })

  test('are named exactly', () => {
    for (const name of ['ReadOnly', '', 'toString', '__proto__']) {
      assert.throws(() => Policy.builtIn(name), { code: 'invalid-argument' })
    }
  })
})

describe('a policy that is not valid', () => {
  test('is refused with everything found', () => {
    const text = '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Permit", "Action": "s3:GetObject" }]\n}'
    assert.throws(
      () => Policy.parse(text),
      (error) => {
        assert.ok(error instanceof PolicyError && error instanceof S3IamError && error instanceof Error)
        assert.equal(error.name, 'PolicyError')
        assert.match(error.code, /^policy-/)
        assert.equal(error.s3Code, 'MalformedPolicy')
        assert.equal(error.httpStatus, 400)
        assert.ok(error.findings.length >= 1)
        const [{ code, severity, span, pointer }] = error.findings
        assert.match(code, /^E\d{3}$/)
        assert.equal(severity, 'error')
        assert.equal(span.start.line, 3)
        assert.match(pointer, /^\/Statement\/0/)
        return true
      },
    )
  })

  test('is taken leniently if it can be read', () => {
    const misspelt = policyOf(allow('s3:GetObject', 'arn:aws:s3:::b/*', { Conditions: {} }))
    assert.ok(Policy.parse(misspelt, { lenient: true }).findings.length >= 1)
  })

  test('has findings with places in bytes and in UTF-16 units', () => {
    const text = '{"Id":"猫😀","Version":1}'
    const { status, findings } = validate(text)
    assert.notEqual(status, 'good')
    for (const { span } of findings) {
      assert.ok(span.start.line === 1 && span.start.column >= span.start.columnUtf16)
      const bytes = Buffer.from(text).subarray(0, span.start.offset).toString('utf8')
      assert.equal(bytes.length + 1, span.start.columnUtf16)
    }
  })
})

test('documents may be text or bytes', () => {
  const bytes = new TextEncoder().encode(READ_PHOTOS)
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  const view = new Uint8Array(new Uint8Array([0, ...bytes, 0]).buffer, 1, bytes.length)
  for (const source of [READ_PHOTOS, bytes, Buffer.from(bytes), shared, view]) {
    const policy = Policy.parse(source)
    assert.equal(policy.decide({ action: 's3:GetObject', bucket: 'photos', object: 'k' }).allowed, true)
  }
})
