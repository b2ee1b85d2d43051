// Policies: parsed once, asked often.

import { POLICY_OPTIONS, document, options, text } from './arguments.js'
import { call, failure } from './engine.js'
import { invalidArgument } from './errors.js'
import { pack, packed } from './question.js'

const PRIVATE = Symbol('private')
let rawOf

/** A policy, read and compiled. */
export class Policy {
  #raw
  #findings
  #decisions = new Map()

  static {
    rawOf = (policy) => {
      if (!(#raw in Object(policy))) throw invalidArgument('a set is made of policies')
      return policy.#raw
    }
  }

  constructor(key, raw) {
    if (key !== PRIVATE) throw invalidArgument('a policy is made by Policy.parse')
    this.#raw = raw
  }

  static parse(source, choices) {
    const { dialect = 'minio', kind = 'identity', lenient = false } = options(choices, POLICY_OPTIONS)
    const bytes = document('the policy', source)
    return new Policy(PRIVATE, call((raw) => raw.Policy.parse(bytes, dialect, kind, lenient)))
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
    const members = policies.map((policy) => rawOf(policy))
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
  const { dialect = 'minio', kind = 'identity' } = options(choices, POLICY_OPTIONS)
  const bytes = document('the policy', source)
  return JSON.parse(call((raw) => raw.validate(bytes, dialect, kind)))
}

/** The built-in policies: name and document. */
export function builtInPolicies() {
  return JSON.parse(call((raw) => raw.builtIns()))
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
