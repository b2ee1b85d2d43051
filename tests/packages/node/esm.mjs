import assert from 'node:assert/strict'
import { Iam, Policy, PolicyError } from 's3iam'

const policy = Policy.builtIn('readonly')
assert.equal(policy.decide({ action: 's3:GetObject', bucket: 'photos', object: 'cat.jpg' }).allowed, true)
assert.throws(() => Policy.parse('{'), PolicyError)

const iam = Iam.load('{"version": 1}')
assert.equal(iam.authorize({ method: 'GET', url: '/photos/cat.jpg', headers: { host: 'localhost' } }).allowed, false)
