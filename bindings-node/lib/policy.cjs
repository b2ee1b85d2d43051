'use strict'
// Policies: parsed once, asked often.

const { document, options, text, POLICY_OPTIONS } = require('./arguments.cjs')
const { Asked, accessOf, frozen } = require('./asked.cjs')
const { fromNative, guarded, invalidArgument, native } = require('./errors.cjs')
const { packed, send } = require('./packed.cjs')
const { question } = require('./question.cjs')

/** What policies and sets of them have in common. */
class Policies extends Asked {
  #native
  #decide
  #known = new Map()

  constructor(native) {
    super(native)
    this.#native = native
    this.#decide = native.decider()
  }

  /** The answer to a question. Native code answers with a number; the decision that it stands for is
   * fetched once and then taken from what is known, so that a decision costs one call and no JSON. */
  decide(query) {
    const { pieces, flags } = question(query)
    const { buffer, lengths } = packed(pieces)
    const decide = this.#decide
    let fingerprint
    try {
      fingerprint = decide(buffer, lengths, pieces.length, flags)
    } catch (thrown) {
      throw fromNative(thrown)
    }
    return this.#known.get(fingerprint) ?? this.#learn(fingerprint, pieces, flags)
  }

  /** What may be done with an action, as sets of resources. */
  access(query) {
    return accessOf(this.#native, query)
  }

  #learn(fingerprint, pieces, flags) {
    const text = send(pieces, (...question) => this.#native.ask('decide', ...question, flags))
    const decision = frozen(JSON.parse(text))
    this.#known.set(fingerprint, decision)
    return decision
  }
}

/** Held by this module alone, so that nothing else makes a policy. */
const KEY = Symbol('policy')

/** The native object of a policy. */
let nativeOf

/** A policy, read and compiled. */
class Policy extends Policies {
  #native
  #findings

  /** Made by `Policy.parse` alone. */
  constructor(key, policy) {
    if (key !== KEY) throw invalidArgument('a policy is made by Policy.parse')
    super(policy)
    this.#native = policy
  }

  /** Reads and compiles a policy document. */
  static parse(source, choices) {
    const given = options(choices, POLICY_OPTIONS)
    const bytes = document('the policy', source)
    return guarded(() => new Policy(KEY, native.Policy.parse(bytes, given)))
  }

  /** A built-in policy, for example `readonly`. */
  static builtIn(name) {
    const all = builtInPolicies()
    if (!Object.hasOwn(all, text('name', name))) {
      throw invalidArgument(`there is no built-in policy ${name}; there are ${Object.keys(all).join(', ')}`)
    }
    return Policy.parse(all[name])
  }

  /** Everything found about the document. */
  get findings() {
    return (this.#findings ??= JSON.parse(this.#native.findings()).findings)
  }

  /** Whether it is a public policy, as Block Public Access has it. */
  get isPublic() {
    return this.#native.isPublic()
  }

  /** The places of the statements that make it public. */
  get publicStatements() {
    return this.#native.publicStatements()
  }

  static {
    nativeOf = (policy, otherwise) => {
      if (!(#native in Object(policy))) throw invalidArgument(otherwise)
      return policy.#native
    }
  }
}

/** Policies that decide together: any Deny wins, else any Allow. */
class PolicySet extends Policies {
  constructor(policies) {
    if (!Array.isArray(policies)) throw invalidArgument('a set is made of a list of policies')
    const members = policies.map((policy) => nativeOf(policy, 'a set is made of policies'))
    super(guarded(() => native.PolicySet.of(members)))
  }
}

/** Everything found about a policy document, and how far it can be used. */
function validate(source, choices) {
  const { lenient, ...given } = options(choices, POLICY_OPTIONS)
  const bytes = document('the policy', source)
  return guarded(() => JSON.parse(native.validate(bytes, given)))
}

/** The built-in policies: name and document. */
function builtInPolicies() {
  return Object.fromEntries(native.builtIn())
}

module.exports = { Policy, PolicySet, validate, builtInPolicies, nativeOf }
