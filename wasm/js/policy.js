// Policies: parsed once, asked often.

import { POLICY_OPTIONS, document, options, text } from './arguments.js'
import { call, failure, needsComplete } from './engine.js'
import { invalidArgument } from './errors.js'
import { pack, packed } from './question.js'

const PRIVATE = Symbol('private')

/** The module's own object of a policy. */
export let rawOf

/** A policy, read and compiled. */
export class Policy {
  #raw
  #findings
  #decisions = new Map()

  static {
    rawOf = (policy, otherwise) => {
      if (!(#raw in Object(policy))) throw invalidArgument(otherwise)
      return policy.#raw
    }
  }

  constructor(key, raw) {
    if (key !== PRIVATE) throw invalidArgument('a policy is made by Policy.parse')
    this.#raw = raw
  }

  static parse(source, choices) {
    const { kind, lenient, more } = reading(choices)
    if (kind === 'bucket') needsComplete('deciding by a bucket policy')
    const bytes = document('the policy', source)
    const parse = ({ Policy: raw }) =>
      more === null ? raw.parse(bytes, kind, lenient) : raw.parseAs(bytes, kind, lenient, ...more)
    return new Policy(PRIVATE, call(parse))
  }

  static builtIn(name) {
    text('name', name)
    const policies = builtInPolicies()
    if (!Object.hasOwn(policies, name)) {
      throw invalidArgument(`there is no built-in policy ${name}; there are ${Object.keys(policies).join(', ')}`)
    }
    return Policy.parse(policies[name], { lenient: true })
  }

  get findings() {
    return (this.#findings ??= JSON.parse(call(() => this.#raw.findings())).findings)
  }

  decide(query) {
    return decide(this.#raw, this.#decisions, query)
  }
}

/** Policies that decide together: any Deny wins, else any Allow. */
export class PolicySet {
  #raw
  #decisions = new Map()

  constructor(policies) {
    if (!Array.isArray(policies)) throw invalidArgument('a set is made of a list of policies')
    const members = policies.map((policy) => rawOf(policy, 'a set is made of policies'))
    this.#raw = call((raw) => {
      const list = new raw.PolicyList()
      for (const member of members) list.add(member)
      return list.compile()
    })
  }

  decide(query) {
    return decide(this.#raw, this.#decisions, query)
  }
}

/** Everything found about a policy document, and how far it can be used. */
export function validate(source, choices) {
  const { kind, more } = reading(choices)
  const bytes = document('the policy', source)
  return JSON.parse(call((raw) => more === null ? raw.validate(bytes, kind) : raw.validateAs(bytes, kind, ...more)))
}

/** The built-in policies: name and document. */
export function builtInPolicies() {
  return JSON.parse(call((raw) => raw.builtIns()))
}

/** How a policy is to be read; `more` is what only the complete module takes, or null. */
function reading(choices) {
  const { dialect = 'minio', kind = 'identity', bucket, lenient = false } = options(choices, POLICY_OPTIONS)
  const isAws = dialect === 'aws'
  if (isAws) needsComplete('the AWS dialect')
  if (bucket !== undefined) needsComplete('holding a policy against its bucket')
  return { kind, lenient, more: isAws || bucket !== undefined ? [isAws, bucket] : null }
}

/**
 * Asks a policy or set. The module answers with a number that stands for the decision; what it says is
 * fetched the first time and then taken from `known`, so that asking again costs one call and no text.
 */
function decide(raw, known, query) {
  pack(query)
  try {
    const number = raw.decide(packed.length, packed.pieces, packed.flags)
    return known.get(number) ?? learn(raw, known, number)
  } catch (thrown) {
    throw failure(thrown)
  }
}

function learn(raw, known, number) {
  const decision = JSON.parse(raw.lastDecision())
  Object.freeze(decision.statement)
  known.set(number, Object.freeze(decision))
  return decision
}
