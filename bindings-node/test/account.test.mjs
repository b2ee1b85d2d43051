// Bucket policies, and a caller with all its policies.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Account, Policy, PolicyError, PolicySet, S3IamError, validate } from 's3iam'

const document = (Effect, Action, more) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect, Action, Resource: 'arn:aws:s3:::b/*', ...more }],
  })
const policy = (effect, action) => Policy.parse(document(effect, action))
const publicly = (effect, action) =>
  Policy.parse(document(effect, action, { Principal: '*' }), { kind: 'bucket', bucket: 'b' })

const GET = { action: 's3:GetObject', bucket: 'b', object: 'k' }
const PUT = { action: 's3:PutObject', bucket: 'b', object: 'k' }
const invalidArgument = (error) => error instanceof S3IamError && error.code === 'invalid-argument'

describe('a bucket policy', () => {
  test('names whom it is about', () => {
    const source = document('Allow', 's3:GetObject', { Principal: { AWS: ['alice', 'ci-*'] } })
    const policy = Policy.parse(source, { kind: 'bucket' })
    for (const [account, allowed] of [['alice', true], ['ci-7', true], ['bob', false], ['', false]]) {
      assert.equal(policy.decide({ ...GET, account }).allowed, allowed, account)
    }
    assert.equal('layer' in policy.decide(GET), false)
  })

  test('is of its bucket', () => {
    const source = document('Allow', 's3:GetObject', { Principal: '*' })
    const options = { kind: 'bucket', bucket: 'other' }
    assert.throws(
      () => Policy.parse(source, options),
      (error) => error instanceof PolicyError && error.findings.map((f) => f.code).join() === 'E317',
    )
    assert.deepEqual(validate(source, options).findings.map((finding) => finding.code), ['E317'])
    assert.equal(validate(source, { kind: 'bucket' }).status, 'good')
  })

  test('has a bucket that makes sense', () => {
    for (const options of [{ bucket: 'b' }, { kind: 'bucket', bucket: '' }, { kind: 'bucket', bucket: 1 }]) {
      assert.throws(() => Policy.parse(document('Allow', 's3:GetObject'), options), invalidArgument)
      assert.throws(() => validate(document('Allow', 's3:GetObject'), options), invalidArgument)
    }
  })

  test('decides with its like alone', () => {
    assert.throws(() => new PolicySet([policy('Allow', 's3:*'), publicly('Allow', 's3:*')]), invalidArgument)
  })
})

describe('an account', () => {
  test('may do what both its parent and its session policy allow', () => {
    const account = new Account({
      credential: 'temporary',
      policies: [policy('Allow', 's3:*')],
      sessionPolicy: document('Allow', 's3:GetObject'),
    })
    const allowed = account.decide(GET)
    assert.deepEqual([allowed.outcome, allowed.layer, allowed.statement.index], ['allow', 'identity', 0])
    assert.ok(Object.isFrozen(allowed) && Object.isFrozen(allowed.statement))
    const denied = account.decide(PUT)
    assert.deepEqual([denied.outcome, denied.layer, denied.statement], ['implicit_deny', 'session', null])
    // CVE-2025-62506: a session policy must really allow, whatever is asked.
    assert.equal(account.decide({ ...PUT, denyOnly: true }).allowed, false)
  })

  test('is denied everything by a session policy that cannot be used', () => {
    for (const sessionPolicy of ['', '{', '[]', Buffer.from([0xff]), '{"Statement": []}']) {
      const account = new Account({ credential: 'temporary', policies: [policy('Allow', 's3:*')], sessionPolicy })
      const { outcome, reason, layer } = account.decide(GET)
      assert.deepEqual([outcome, reason, layer], ['explicit_deny', 'policy-broken', 'session'])
    }
  })

  test('is the owner by its credential', () => {
    const policies = [policy('Deny', 's3:*')]
    for (const more of [
      { credential: 'root' },
      { credential: 'temporary', parentIsRoot: true },
      { credential: 'service-account', parentIsRoot: true, sessionPolicy: '{}' },
    ]) {
      assert.equal(new Account({ policies, ...more }).decide(GET).layer, 'owner')
    }
    assert.equal(new Account({ credential: 'user', policies }).decide(GET).allowed, false)
  })

  test('is subject to a bucket policy only if it is anonymous', () => {
    const anonymous = new Account({ credential: 'anonymous' })
    const alice = new Account({ credential: 'user', policies: [policy('Allow', 's3:PutObject')] })
    const open = publicly('Allow', 's3:GetObject')
    const { outcome, layer, statement } = anonymous.decide({ ...GET, bucketPolicy: open })
    assert.deepEqual([outcome, layer, statement.index], ['allow', 'bucket', 0])
    assert.equal(anonymous.decide(GET).reason, 'no-policy')
    assert.equal(alice.decide({ ...PUT, bucketPolicy: publicly('Deny', 's3:*') }).allowed, true)
    assert.equal(alice.decide({ ...GET, bucketPolicy: open }).allowed, false)
  })

  test('needs several actions for some calls', () => {
    const policies = [policy('Allow', 's3:PutObject'), policy('Allow', 's3:DeleteObject')]
    const account = new Account({ credential: 'user', policies })
    const put = { operation: 'PutObject', bucket: 'b', object: 'k' }
    assert.equal(account.decideOperation(put).allowed, true)
    assert.equal(account.decideOperation({ ...put, retention: true }).allowed, false)
    const copySource = { bucket: 'b', object: 's', versionId: 'v' }
    assert.equal(account.decideOperation({ ...put, operation: 'CopyObject', copySource }).allowed, false)
    const remove = { operation: 'DeleteObject', bucket: 'b', object: 'ü', versionId: 'v' }
    assert.equal(account.decideOperation(remove).allowed, true)
    policies.push(policy('Deny', 's3:DeleteObjectVersion'))
    const { outcome, statement } = new Account({ credential: 'user', policies }).decideOperation(remove)
    assert.deepEqual([outcome, statement.policyIndex], ['explicit_deny', 2])
  })

  test('sees the buckets that it may list', () => {
    const own = Policy.parse(document('Allow', 's3:ListBucket', { Resource: 'arn:aws:s3:::mine' }))
    const account = new Account({ credential: 'user', policies: [own] })
    const list = (buckets) => account.decideOperation({ operation: 'ListBuckets', buckets }).allowed
    assert.equal(list(['other', 'mine']), true)
    assert.deepEqual(['other', 'mine'].filter((name) => list([name])), ['mine'])
    assert.equal(list([]), false)
  })

  test('sees condition values of any number and length', () => {
    const condition = { StringLike: { 'aws:username': 'é*' } }
    const account = new Account({
      credential: 'user',
      policies: [Policy.parse(document('Allow', 's3:*', { Condition: condition }))],
    })
    const context = { 'aws:username': `é${'x'.repeat(20_000)}`, groups: Array.from({ length: 200 }, String) }
    assert.equal(account.decide({ ...GET, context }).allowed, true)
    assert.equal(account.decideOperation({ operation: 'GetObject', bucket: 'b', object: 'k', context }).allowed, true)
  })

  test('is refused what makes no sense', () => {
    const [allow, open] = [policy('Allow', 's3:*'), publicly('Allow', 's3:*')]
    const user = new Account({ credential: 'user', policies: [allow] })
    const call = { operation: 'GetObject', bucket: 'b', object: 'k' }
    for (const misuse of [
      () => new Account(),
      () => new Account({ credential: 'admin' }),
      () => new Account({ credential: 'user', policies: [open] }),
      () => new Account({ credential: 'user', policies: ['{}'] }),
      () => new Account({ credential: 'user', policies: allow }),
      () => new Account({ credential: 'user', sessionPolicy: '{}' }),
      () => new Account({ credential: 'temporary', sessionPolicy: 1 }),
      () => new Account({ credential: 'user', parentIsRoot: true }),
      () => new Account({ credential: 'user', session: '{}' }),
      () => user.decide(),
      () => user.decide({ ...GET, isOwner: true }),
      () => user.decide({ ...GET, bucketPolicy: allow }),
      () => user.decide({ ...GET, bucketPolicy: {} }),
      () => user.decideOperation(),
      () => user.decideOperation({ ...call, operation: 'Frob' }),
      () => user.decideOperation({ ...call, versionId: 1 }),
      () => user.decideOperation({ ...call, copySource: 'b/k' }),
      () => user.decideOperation({ ...call, copySource: { bucket: 'b' } }),
      () => user.decideOperation({ ...call, buckets: 'b' }),
      () => user.decideOperation({ ...call, buckets: [1] }),
      () => user.decideOperation({ ...call, replica: 'yes' }),
      () => user.decideOperation({ ...call, context: 1 }),
    ]) {
      assert.throws(misuse, invalidArgument, String(misuse))
    }
    const half = { ...call, object: '\ud800' }
    assert.throws(() => user.decideOperation(half), (error) => error.code === 'invalid-utf8')
  })
})
