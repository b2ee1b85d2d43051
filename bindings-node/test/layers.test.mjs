// The AWS dialect: principals, and policies in layers.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Layers, Policy, PolicyError, PolicySet, S3IamError, validate } from 's3iam'

const ACCOUNT = '111122223333'
const ALICE = { type: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/alice` }
const EVE = { type: 'user', arn: 'arn:aws:iam::444455556666:user/eve' }
const GET = { action: 's3:GetObject', resource: 'arn:aws:s3:::photos/cat.jpg' }

const document = (...statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const parse = (kind, ...statements) => Policy.parse(document(...statements), { dialect: 'aws', kind })
const allow = (Action, more) => ({ Effect: 'Allow', Action, Resource: '*', ...more })
const deny = (Action, more) => ({ Effect: 'Deny', Action, Resource: '*', ...more })
const invalidArgument = (error) => error instanceof S3IamError && error.code === 'invalid-argument'

describe('a policy of the AWS dialect', () => {
  test('is of one of eight kinds', () => {
    const statements = {
      identity: allow('s3:GetObject'),
      session: allow('s3:GetObject'),
      boundary: allow('s3:GetObject'),
      scp: allow('s3:GetObject'),
      bucket: allow('s3:GetObject', { Principal: '*', Resource: 'arn:aws:s3:::photos/*' }),
      endpoint: allow('s3:GetObject', { Principal: '*' }),
      rcp: deny('s3:GetObject', { Principal: '*' }),
      trust: { Effect: 'Allow', Principal: { AWS: ALICE.arn }, Action: 'sts:AssumeRole' },
    }
    for (const [kind, statement] of Object.entries(statements)) {
      assert.ok(parse(kind, statement) instanceof Policy, kind)
      assert.equal(validate(document(statement), { dialect: 'aws', kind }).status, 'good', kind)
    }
    assert.throws(() => parse('identity', allow('s3:GetObject', { Principal: '*' })), PolicyError)
    assert.throws(() => parse('role', allow('s3:GetObject')), (error) => invalidArgument(error) && /endpoint/.test(error.message))
  })

  test('of a later kind is read as one of an identity in the dialect of MinIO', () => {
    const source = document(allow('s3:GetObject', { Resource: 'arn:aws:s3:::photos/*' }))
    for (const kind of ['boundary', 'scp', 'trust', 'rcp', 'endpoint']) {
      assert.equal(Policy.parse(source, { kind }).decide(GET).allowed, true, kind)
    }
  })

  test('knows principals', () => {
    const role = { type: 'role-session', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/app/s`, role: `arn:aws:iam::${ACCOUNT}:role/app` }
    const session = { type: 'federated-user', arn: `arn:aws:sts::${ACCOUNT}:federated-user/f` }
    const on = (Principal) => parse('bucket', allow('s3:GetObject', { Principal, Resource: 'arn:aws:s3:::photos/*' }))
    const may = (Principal, principal) => on(Principal).decide({ ...GET, principal }).allowed
    assert.equal(may({ AWS: ALICE.arn }, ALICE), true)
    assert.equal(may({ AWS: ALICE.arn }, EVE), false)
    assert.equal(may({ AWS: ALICE.arn }, undefined), false)
    assert.equal(may({ AWS: role.role }, role), true)
    assert.equal(may({ AWS: role.arn }, role), true)
    assert.equal(may({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, { type: 'root', arn: `arn:aws:iam::${ACCOUNT}:root` }), true)
    assert.equal(may({ AWS: session.arn }, session), true)
    assert.equal(may({ Service: 'cloudtrail.amazonaws.com' }, { type: 'service', name: 'cloudtrail.amazonaws.com' }), true)
    assert.equal(may('*', { type: 'anonymous' }), true)
    const trust = parse('trust', {
      Effect: 'Allow',
      Principal: { Federated: 'accounts.google.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
    })
    const google = { type: 'federated', provider: 'accounts.google.com' }
    assert.equal(trust.decide({ action: 'sts:AssumeRoleWithWebIdentity', principal: google }).allowed, true)
  })

  test('reads whole condition keys in upper and lower case', () => {
    const policy = parse('identity', allow('s3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'a' } } }))
    assert.equal(policy.decide({ ...GET, context: { 'AWS:principaltag/team': 'a' } }).allowed, true)
    assert.equal(policy.decide({ ...GET, context: { 'PrincipalTag/Team': 'a' } }).allowed, false)
    const answers = policy.decideMany({
      actions: ['s3:GetObject'],
      resources: [GET.resource],
      contexts: [{ 'aws:PrincipalTag/Team': 'a' }, {}],
    })
    assert.deepEqual(answers.map((answer) => answer.allowed), [true, false])
    const access = policy.access({ action: 's3:GetObject' })
    assert.equal(access.allows(GET.resource), null)
    assert.equal(access.layers[0].allow[0].conditions[0].key, 'aws:PrincipalTag/Team')
  })

  test('allows actions of any service', () => {
    const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/t'
    assert.deepEqual(parse('identity', allow(['dynamodb:GetItem', 's3:*'])).allowedActions({ resource: table }), ['dynamodb:GetItem'])
  })

  test('is not asked by a principal that is none', () => {
    const policy = parse('identity', allow('s3:*'))
    for (const principal of [
      null,
      ALICE.arn,
      {},
      { type: 'User', arn: ALICE.arn },
      { type: 'constructor', arn: ALICE.arn },
      { type: 1 },
      { type: 'user' },
      { type: 'user', arn: '' },
      { type: 'user', arn: 1 },
      { type: 'user', name: ALICE.arn },
      { type: 'user', arn: ALICE.arn, role: ALICE.arn },
      { type: 'role-session', arn: ALICE.arn },
      { type: 'federated-user', arn: ALICE.arn, usr: ALICE.arn },
      { type: 'federated-user', arn: ALICE.arn, user: null },
      { type: 'service', arn: 'a' },
      { type: 'anonymous', arn: ALICE.arn },
    ]) {
      assert.throws(() => policy.decide({ ...GET, principal }), invalidArgument, JSON.stringify(principal))
      assert.throws(() => policy.explain({ ...GET, principal }), invalidArgument, JSON.stringify(principal))
    }
    assert.throws(() => policy.decide({ ...GET, principal: { type: 'user', arn: '\ud800' } }), { code: 'invalid-utf8' })
  })
})

describe('layers', () => {
  const identity = [parse('identity', allow('s3:*'))]
  const boundary = parse('boundary', allow('s3:Get*'))

  test('name who decided', () => {
    const layers = new Layers({ identity, boundary })
    const allowed = layers.decide({ ...GET, principal: ALICE })
    assert.deepEqual([allowed.outcome, allowed.layer, allowed.statement.index], ['allow', 'identity', 0])
    assert.equal('level' in allowed, false)
    const denied = layers.decide({ ...GET, action: 's3:PutObject', principal: ALICE })
    assert.deepEqual([denied.outcome, denied.layer, denied.statement], ['implicit_deny', 'boundary', null])
    assert.ok(Object.isFrozen(allowed) && Object.isFrozen(allowed.statement))
  })

  test('know the levels of an organisation', () => {
    const all = parse('scp', allow('*'))
    const scp = (...levels) => new Layers({ identity, scp: levels }).decide({ ...GET, principal: ALICE })
    assert.equal(scp([all], [all]).allowed, true)
    const unit = scp([all], [all, parse('scp', deny('s3:GetObject'))])
    assert.deepEqual([unit.outcome, unit.layer, unit.level, unit.statement.policyIndex], ['explicit_deny', 'scp', 1, 1])
    const empty = scp([all], [], [all])
    assert.deepEqual([empty.outcome, empty.layer, empty.level], ['implicit_deny', 'scp', 1])
    const rcp = [[parse('rcp', deny('s3:*', { Principal: '*' }))]]
    const resource = new Layers({ identity, rcp }).decide({ ...GET, principal: ALICE })
    assert.deepEqual([resource.layer, resource.level], ['rcp', 0])
  })

  test('look at sessions, resources and endpoints', () => {
    const bucket = parse('bucket', allow('s3:GetObject', { Principal: { AWS: EVE.arn }, Resource: 'arn:aws:s3:::photos/*' }))
    const theirs = new Layers({ identity, resource: bucket })
    assert.equal(theirs.decide({ ...GET, principal: EVE, resourceAccount: ACCOUNT }).allowed, true)
    const strange = theirs.decide({ ...GET, principal: ALICE, resourceAccount: '444455556666' })
    assert.deepEqual([strange.allowed, strange.layer], [false, 'resource'])
    const session = [parse('session', allow('s3:List*'))]
    assert.equal(new Layers({ identity, session }).decide({ ...GET, principal: ALICE }).layer, 'session')
    const endpoint = parse('endpoint', allow('s3:List*', { Principal: '*' }))
    assert.equal(new Layers({ identity, endpoint }).decide({ ...GET, principal: ALICE }).layer, 'endpoint')
  })

  test('look at access control lists and blocked public access', () => {
    const everyone = { uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }
    const acl = { ownership: 'ObjectWriter', object: [{ grantee: everyone, permission: 'READ' }], objectOwner: ACCOUNT }
    const query = { ...GET, principal: { type: 'anonymous' }, resourceAccount: ACCOUNT, acl }
    const listed = new Layers().decide(query)
    assert.deepEqual([listed.outcome, listed.reason, listed.layer, listed.statement], ['allow', 'acl-grant', 'acl', null])
    assert.equal(new Layers().decide({ ...query, acl: undefined }).allowed, false)
    const blocked = new Layers({ publicAccessBlock: { ignorePublicAcls: true } })
    const ignored = blocked.decide(query)
    assert.deepEqual([ignored.reason, ignored.layer], ['public-access-blocked', 'public_access_block'])
    assert.equal(blocked.explain(query).decision.layer, 'public_access_block')
    const { principal, resourceAccount } = query
    const many = { actions: ['s3:GetObject'], resources: [GET.resource], principal, resourceAccount, acl }
    assert.deepEqual(new Layers().decideMany(many), [listed])
    assert.deepEqual(blocked.decideMany(many), [ignored])
  })

  test('answer in every form', () => {
    const layers = new Layers({ identity, boundary, scp: [[parse('scp', allow('*'))]] })
    const { decision, layers: asked, statements, sentence } = layers.explain({ ...GET, principal: ALICE })
    assert.equal(decision.allowed, true)
    assert.match(sentence, /allowed/)
    assert.deepEqual(asked.map(({ layer, level }) => [layer, level]).sort(), [
      ['boundary', undefined],
      ['identity', undefined],
      ['scp', 0],
    ])
    assert.equal(statements.length, 3)
    const answers = layers.decideMany({
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [{ bucket: 'photos', object: 'cat.jpg' }],
      principal: ALICE,
    })
    assert.deepEqual(answers.map(({ layer }) => layer), ['identity', 'boundary'])
    const actions = layers.allowedActions({ bucket: 'photos', object: 'cat.jpg', principal: ALICE })
    assert.ok(actions.length > 1 && actions.every((action) => action.startsWith('s3:Get')), actions.join())
    assert.equal('access' in layers, false)
  })

  test('without policies allow nothing', () => {
    assert.equal(new Layers().decide({ ...GET, principal: ALICE }).allowed, false)
    assert.equal(new Layers({ identity: [], scp: [] }).decide({ ...GET, principal: ALICE }).allowed, false)
  })

  test('are refused what makes no sense', () => {
    const minio = Policy.parse(document(allow('s3:GetObject', { Resource: 'arn:aws:s3:::photos/*' })))
    const layers = new Layers({ identity })
    const query = { ...GET, principal: ALICE }
    for (const misuse of [
      () => new Layers(null),
      () => new Layers([]).decide(GET),
      () => new Layers({ identities: identity }),
      () => new Layers({ identity: identity[0] }),
      () => new Layers({ identity: ['{}'] }),
      () => new Layers({ identity: [new PolicySet(identity)] }),
      () => new Layers({ identity: [minio] }),
      () => new Layers({ identity: [,] }),
      () => new Layers({ boundary: null }),
      () => new Layers({ boundary: '{}' }),
      () => new Layers({ scp: identity }),
      () => new Layers({ scp: [[1]] }),
      () => new Layers({ resource: boundary }),
      () => new Layers({ endpoint: boundary }),
      () => new Layers({ publicAccessBlock: true }),
      () => new Layers({ publicAccessBlock: { blockPublicAcl: true } }),
      () => new Layers({ publicAccessBlock: { blockPublicAcls: 1 } }),
      () => layers.decide(),
      () => layers.decide(GET),
      () => layers.explain(GET),
      () => layers.decide({ ...query, isOwner: false }),
      () => layers.decide({ ...query, denyOnly: true }),
      () => layers.decide({ ...query, account: ACCOUNT }),
      () => layers.decide({ ...query, resourceAccount: 111122223333 }),
      () => layers.decide({ ...query, acl: '{}' }),
      () => layers.decide({ ...query, acl: { owner: 'x' } }),
      () => layers.decide({ ...query, acl: { bucket: [{ grantee: {}, permission: 'READ' }] } }),
      () => layers.decide({ ...query, acl: { objectOwner: 1n } }),
    ]) {
      assert.throws(misuse, invalidArgument, String(misuse))
    }
  })

  test('public policies are told', () => {
    const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }
    const told = (...statements) => {
      const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
      const { isPublic, publicStatements } = Policy.parse(document, { dialect: 'aws', kind: 'bucket' })
      return { isPublic, publicStatements }
    }
    const deny = { ...allow, Effect: 'Deny', Principal: '*' }
    const account = { ...allow, Principal: { AWS: '111122223333' } }
    assert.deepEqual(told(deny, { ...allow, Principal: '*' }), { isPublic: true, publicStatements: [1] })
    assert.deepEqual(told(deny, account), { isPublic: false, publicStatements: [] })
  })
})
