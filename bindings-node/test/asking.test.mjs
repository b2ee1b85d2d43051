// Explanations, many questions at once, allowed actions and access: of policies, sets and accounts.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Access, Account, Policy, PolicySet, S3IamError, builtInPolicies } from 's3iam'

const policyOf = (...statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const HOME = policyOf({
  Sid: 'Home',
  Effect: 'Allow',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home'],
})
const NO_DELETE = policyOf({
  Effect: 'Deny',
  Action: 's3:DeleteObject',
  Resource: 'arn:aws:s3:::home/*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
})
const BOB = { 'aws:username': 'bob' }

const home = Policy.parse(HOME)
const set = new PolicySet([home, Policy.parse(NO_DELETE)])
const account = new Account({
  credential: 'temporary',
  policies: [home],
  sessionPolicy: policyOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::home/bob/*' }),
})
const invalidArgument = (error) => error instanceof S3IamError && error.code === 'invalid-argument'

/** Fails unless nothing of the data can be changed. */
function isFrozen(data) {
  if (data === null || typeof data !== 'object') return
  assert.ok(Object.isFrozen(data), JSON.stringify(data))
  Object.values(data).forEach(isFrozen)
}

describe('an explanation', () => {
  test('is the decision with its reasons', () => {
    const query = { action: 's3:GetObject', bucket: 'home', object: 'eve/a', context: BOB }
    const { decision, sentence, layers, statements } = home.explain(query)
    assert.deepEqual(decision, home.decide(query))
    assert.match(sentence, /denied: no statement allows it/)
    assert.deepEqual(layers, [])
    const [{ sid, effect, applies, elements, start, end }] = statements
    assert.deepEqual({ sid, effect, applies }, { sid: 'Home', effect: 'Allow', applies: false })
    assert.equal(JSON.parse(HOME.slice(start, end)).Sid, 'Home')
    const failing = elements.filter((element) => element.holds === false)
    assert.deepEqual(failing.map((element) => element.element), ['Resource'])
    assert.match(HOME.slice(failing[0].start, failing[0].end), /home/)
  })

  test('names the condition keys that are missing', () => {
    const { statements } = set.explain({ action: 's3:DeleteObject', bucket: 'home', object: 'bob/a', context: BOB })
    const missing = statements.flatMap(({ elements }) => elements.flatMap((element) => element.missingKeys))
    assert.ok(missing.includes('aws:SecureTransport'), missing.join())
  })

  test('of an account has its layers', () => {
    const { decision, layers, statements } = account.explain({ action: 's3:PutObject', bucket: 'home', object: 'bob/a', context: BOB })
    assert.deepEqual([decision.outcome, decision.layer], ['implicit_deny', 'session'])
    assert.deepEqual(layers.map(({ layer, decision }) => [layer, decision.outcome]), [
      ['identity', 'allow'],
      ['session', 'implicit_deny'],
    ])
    assert.deepEqual(statements.map((statement) => statement.layer), ['identity', 'session'])
  })

  test('of an anonymous account looks at the bucket policy', () => {
    const bucketPolicy = Policy.parse(
      policyOf({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::home/*' }),
      { kind: 'bucket' },
    )
    const anonymous = new Account({ credential: 'anonymous' })
    const query = { action: 's3:GetObject', bucket: 'home', object: 'x', bucketPolicy }
    assert.equal(anonymous.explain(query).decision.layer, 'bucket')
    assert.deepEqual(anonymous.allowedActions({ bucket: 'home', object: 'x', bucketPolicy }), ['s3:GetObject'])
    assert.equal(anonymous.decideMany({ actions: ['s3:GetObject'], resources: ['home/x'], bucketPolicy })[0].allowed, true)
    assert.equal(anonymous.access({ action: 's3:GetObject', bucketPolicy }).allows('home/x'), true)
    assert.equal(anonymous.access({ action: 's3:GetObject' }).allows('home/x'), false)
  })

  test('cannot be changed', () => {
    isFrozen(account.explain({ action: 's3:PutObject', bucket: 'home', object: 'bob/a' }))
  })
})

describe('many questions', () => {
  const actions = ['s3:GetObject', 's3:DeleteObject']
  const resources = ['arn:aws:s3:::home/bob/ä', { bucket: 'home', object: 'eve/a' }, { bucket: 'home' }]
  const contexts = [BOB, {}, { 'aws:username': ['eve'], 'aws:SecureTransport': false }]

  for (const [name, asked] of Object.entries({ policy: home, set, account })) {
    test(`are answered by a ${name} as each alone`, () => {
      const answers = asked.decideMany({ actions, resources, contexts })
      let at = 0
      for (const action of actions) {
        for (const resource of resources) {
          for (const context of contexts) {
            const place = typeof resource === 'string' ? { resource } : resource
            assert.deepEqual(answers[at++], asked.decide({ action, ...place, context }))
          }
        }
      }
      assert.equal(answers.length, at)
      isFrozen(answers)
    })
  }

  test('are about nothing in particular by default', () => {
    const readwrite = Policy.parse(builtInPolicies().readwrite)
    assert.deepEqual(readwrite.decideMany({ actions: ['s3:ListAllMyBuckets', 'admin:Heal'] }).map((d) => d.allowed), [true, false])
    for (const none of [{ actions: [] }, { actions, resources: [] }, { actions, contexts: [] }]) {
      assert.deepEqual(readwrite.decideMany(none), [])
    }
  })

  test('may be a hundred thousand, and no more', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `home/bob/${i}`)
    const answers = home.decideMany({ actions: Array(100).fill('s3:GetObject'), resources: many, contexts: [BOB] })
    assert.equal(answers.length, 100_000)
    assert.ok(answers.every((answer) => answer.allowed))
    assert.throws(
      () => home.decideMany({ actions: Array(101).fill('s3:GetObject'), resources: many }),
      (error) => invalidArgument(error) && /100000/.test(error.message),
    )
    // What such a batch needed does not stand in the way of the next question.
    assert.equal(home.decide({ action: 's3:GetObject', bucket: 'home', object: 'bob/a', context: BOB }).allowed, true)
  })

  test('may have long names, up to a limit', () => {
    const object = 'k'.repeat(1000)
    const resources = Array.from({ length: 5000 }, () => ({ bucket: 'home', object }))
    assert.equal(home.decideMany({ actions: ['s3:GetObject'], resources }).length, 5000)
    const longest = Array(17).fill(`home/${'k'.repeat(2 ** 20)}`)
    assert.throws(() => home.decideMany({ actions: ['s3:GetObject'], resources: longest }), invalidArgument)
  })

  test('are refused where they make no sense', () => {
    for (const wrong of [
      undefined,
      null,
      {},
      { actions: 's3:GetObject' },
      { actions: [1] },
      { actions, resources: 'home' },
      { actions, resources: [null] },
      { actions, resources: [{}] },
      { actions, resources: [{ object: 'a' }] },
      { actions, contexts: {} },
      { actions, contexts: [1] },
      { actions, contexts: [{ a: {} }] },
      { actions, context: BOB },
      { actions, bucket: 'home' },
      { actions, resource: 'home' },
      { actions, action: 's3:GetObject' },
      { actions, isOwner: 1 },
      { actions: [, 's3:GetObject'] },
    ]) {
      assert.throws(() => home.decideMany(wrong), invalidArgument, JSON.stringify(wrong))
    }
    for (const half of [{ actions: ['\ud800'] }, { actions, resources: ['\ud800', '\udc00'] }]) {
      assert.throws(() => home.decideMany(half), { code: 'invalid-utf8' })
    }
  })
})

describe('allowed actions', () => {
  test('are those about the resource', () => {
    const objects = home.allowedActions({ bucket: 'home', object: 'bob/a', context: BOB })
    assert.ok(objects.includes('s3:GetObject') && !objects.includes('s3:ListBucket'))
    assert.deepEqual(objects, objects.toSorted?.() ?? [...objects].sort())
    assert.ok(home.allowedActions({ resource: 'arn:aws:s3:::home' }).includes('s3:ListBucket'))
    assert.deepEqual(home.allowedActions({ bucket: 'home', object: 'eve/a', context: BOB }), [])
    isFrozen(objects)
  })

  test('of a set are without what one denies', () => {
    const context = { ...BOB, 'aws:SecureTransport': 'false' }
    const all = home.allowedActions({ bucket: 'home', object: 'bob/a', context })
    const some = set.allowedActions({ bucket: 'home', object: 'bob/a', context })
    assert.deepEqual(all.filter((action) => !some.includes(action)), ['s3:DeleteObject'])
  })

  test('of an account are what all layers allow', () => {
    assert.deepEqual(account.allowedActions({ bucket: 'home', object: 'bob/a', context: BOB }), ['s3:GetObject'])
  })
})

describe('access', () => {
  const access = set.access({ action: 's3:DeleteObject', context: BOB })

  test('is data that cannot be changed', () => {
    assert.ok(access instanceof Access)
    const [{ layer, isBroken, allow, deny }] = access.layers
    assert.deepEqual([access.layers.length, layer, isBroken], [1, null, false])
    assert.ok(allow.some((region) => region.resources.includes('arn:aws:s3:::home/bob/*')))
    const [{ key, operator, values, start, end }] = deny[0].conditions
    assert.deepEqual([key, operator, values], ['aws:SecureTransport', 'Bool', ['false']])
    assert.equal(NO_DELETE.slice(start, end), '"false"')
    isFrozen(access)
  })

  test('says yes, no, or that it depends', () => {
    assert.equal(access.allows('home/bob/a'), null)
    assert.equal(access.allows('arn:aws:s3:::home/eve/a'), false)
    assert.equal(access.allows({ bucket: 'home', object: 'eve/a' }), false)
    const complete = set.access({ action: 's3:DeleteObject', context: BOB, complete: true })
    assert.equal(complete.allows({ bucket: 'home', object: 'bob/ü' }), true)
    assert.equal(complete.allows({ bucket: 'home' }), true)
    assert.equal(complete.allows(''), false)
  })

  test('of an account is what all layers allow', () => {
    const access = account.access({ action: 's3:GetObject', context: BOB, complete: true })
    assert.deepEqual(access.layers.map(({ layer }) => layer), ['identity', 'session'])
    assert.equal(access.allows('home/bob/a'), true)
    assert.equal(access.allows('home'), false)
  })

  test('answers which buckets may be listed', () => {
    const list = set.access({ action: 's3:ListBucket', context: BOB })
    assert.deepEqual(['home', 'photos'].filter((bucket) => list.allows({ bucket })), ['home'])
  })

  test('is refused where it makes no sense', () => {
    for (const misuse of [
      () => new Access(),
      () => home.access(),
      () => home.access({}),
      () => home.access({ action: 's3:GetObject', complete: 1 }),
      () => home.access({ action: 's3:GetObject', bucket: 'home' }),
      () => home.access({ action: 's3:GetObject', denyOnly: true }),
      () => account.access({ action: 's3:GetObject', isOwner: true }),
      () => access.allows(),
      () => access.allows(null),
      () => access.allows({}),
      () => access.allows({ bucket: 'b', object: 1 }),
    ]) {
      assert.throws(misuse, invalidArgument, String(misuse))
    }
    assert.throws(() => access.allows('home/\ud800'), { code: 'invalid-utf8' })
    const broken = new Account({ credential: 'temporary', policies: [home], sessionPolicy: '{' })
    assert.throws(() => broken.access({ action: 's3:GetObject' }), { code: 'unsupported' })
  })
})

test('a call from inside another disturbs neither', () => {
  const inside = {
    action: 's3:GetObject',
    bucket: 'home',
    get object() {
      set.explain({ action: 's3:PutObject', bucket: 'other', object: 'x'.repeat(10_000) })
      home.decide({ action: 's3:ListBucket', bucket: 'other' })
      return 'bob/a'
    },
    context: BOB,
  }
  assert.equal(home.decide(inside).allowed, true)
  assert.equal(set.explain(inside).decision.allowed, true)
})

test('every verb refuses what is no question', () => {
  for (const asked of [home, set, account]) {
    for (const verb of ['decide', 'explain', 'decideMany', 'allowedActions', 'access']) {
      for (const wrong of [undefined, null, 1, 's3:GetObject', { action: 's3:GetObject', context: 1 }, { context: 'x' }]) {
        assert.throws(() => asked[verb](wrong), invalidArgument, `${verb} ${JSON.stringify(wrong)}`)
      }
    }
  }
})
