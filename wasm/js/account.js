// Accounts: a caller with its policies, asked as a whole.

import { ACCOUNT_OPTIONS, document, object, options, text } from './arguments.js'
import { call, needsComplete } from './engine.js'
import { invalidArgument } from './errors.js'
import { rawOf } from './policy.js'
import { pack, packCall, packed } from './question.js'

/** A caller and all its policies, decided as MinIO does. */
export class Account {
  #raw

  constructor(choices) {
    needsComplete('deciding for a whole account')
    const { credential, policies = [], sessionPolicy, parentIsRoot = false } = options(choices, ACCOUNT_OPTIONS)
    text('credential', credential)
    const members = policies.map((policy) => rawOf(policy, 'policies must be a list of Policy'))
    const session = sessionPolicy === undefined ? undefined : document('sessionPolicy', sessionPolicy)
    this.#raw = call((raw) => raw.Account.of(credential, parentIsRoot, list(raw, members), session))
  }

  decide(query) {
    if (object('the question', query).isOwner !== undefined) {
      throw invalidArgument('the credential says who the owner is, not isOwner')
    }
    return this.#ask('decide', pack, query)
  }

  decideOperation(query) {
    return this.#ask('decideOperation', packCall, object('the question', query))
  }

  /** Packs a question and asks it. Packing comes last: a question that answers with code of its own could pack another. */
  #ask(verb, pack, query) {
    const { bucketPolicy } = query
    const members = bucketPolicy === undefined ? [] : [rawOf(bucketPolicy, 'bucketPolicy must be a Policy')]
    pack(query)
    const { length, pieces, flags } = packed
    const decision = JSON.parse(call((raw) => this.#raw[verb](length, pieces, flags, list(raw, members))))
    Object.freeze(decision.statement)
    return Object.freeze(decision)
  }
}

/** Policies as the module takes them. */
function list(raw, members) {
  const list = new raw.PolicyList()
  for (const member of members) list.add(member)
  return list
}
