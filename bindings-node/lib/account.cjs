'use strict'
// Accounts: a caller with its policies, asked as a whole.

const { document, options, text } = require('./arguments.cjs')
const { Asked, accessOf, frozen } = require('./asked.cjs')
const { guarded, native } = require('./errors.cjs')
const { call } = require('./operation.cjs')
const { send } = require('./packed.cjs')
const { nativeOf } = require('./policy.cjs')
const { without } = require('./question.cjs')

const ACCOUNT_OPTIONS = { credential: 'string', policies: 'list', sessionPolicy: 'any', parentIsRoot: 'boolean' }

/** The native object of a question's bucket policy, or undefined. The credential says who asks and who
 * the owner is. */
function bucketPolicyOf(query) {
  without(query, ['isOwner', 'principal', 'resourceAccount'], 'an account takes')
  const { bucketPolicy } = query
  return bucketPolicy === undefined ? undefined : nativeOf(bucketPolicy, 'bucketPolicy must be a Policy')
}

/** A caller and all its policies, decided as MinIO does. */
class Account extends Asked {
  #native

  constructor(choices) {
    const { credential, policies = [], sessionPolicy, parentIsRoot = false } = options(choices ?? {}, ACCOUNT_OPTIONS)
    const members = policies.map((policy) => nativeOf(policy, 'policies must be a list of Policy'))
    const session = sessionPolicy === undefined ? undefined : document('sessionPolicy', sessionPolicy)
    text('credential', credential)
    const account = guarded(() => native.Account.of(credential, parentIsRoot, members, session))
    super(account, bucketPolicyOf)
    this.#native = account
  }

  /** What the account may do with an action, as sets of resources. */
  access(query) {
    return accessOf(this.#native, query, bucketPolicyOf(query))
  }

  /** Whether the account may make an API call, with all the actions that it needs. */
  decideOperation(query) {
    const policy = bucketPolicyOf(query)
    const { pieces, flags } = call(query)
    return frozen(JSON.parse(send(pieces, (...question) => this.#native.decideOperation(...question, flags, policy))))
  }
}

module.exports = { Account }
