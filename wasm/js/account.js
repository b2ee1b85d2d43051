// Accounts: a caller with its policies, asked as a whole.

import { ACCOUNT_OPTIONS, document, options, text } from './arguments.js'
import { Asked, accessOf, frozen } from './asked.js'
import { call, needsComplete } from './engine.js'
import { call as packable } from './operation.js'
import { send } from './packed.js'
import { listOf, nativeOf } from './policy.js'
import { without } from './question.js'

/**
 * A question's bucket policy, in a list of one or none. The credential says who asks and who the owner is.
 */
function bucketPolicyOf(query) {
  without(query, ['isOwner', 'principal', 'resourceAccount'], 'an account takes')
  const { bucketPolicy } = query
  const members = bucketPolicy === undefined ? [] : [nativeOf(bucketPolicy, 'bucketPolicy must be a Policy')]
  return call((raw) => listOf(raw, members))
}

/** A caller and all its policies, decided as MinIO does. */
export class Account extends Asked {
  #raw

  constructor(choices) {
    needsComplete('deciding for a whole account')
    const { credential, policies = [], sessionPolicy, parentIsRoot = false } = options(choices, ACCOUNT_OPTIONS)
    text('credential', credential)
    const members = policies.map((policy) => nativeOf(policy, 'policies must be a list of Policy'))
    const session = sessionPolicy === undefined ? undefined : document('sessionPolicy', sessionPolicy)
    const account = call((raw) => raw.Account.of(credential, parentIsRoot, listOf(raw, members), session))
    super(account, bucketPolicyOf)
    this.#raw = account
  }

  /** What the account may do with an action, as sets of resources. */
  access(query) {
    return accessOf(this.#raw, query, bucketPolicyOf(query))
  }

  /** Whether the account may make an API call, with all the actions that it needs. */
  decideOperation(query) {
    const policy = bucketPolicyOf(query)
    const { pieces, flags } = packable(query)
    return frozen(JSON.parse(send(pieces, (...question) => this.#raw.decideOperation(...question, flags, policy))))
  }
}
