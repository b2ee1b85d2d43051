// Policies: parsed once, asked often.

import { POLICY_OPTIONS, document, options, text } from './arguments.js'
import { Asked, accessOf, frozen } from './asked.js'
import { call, fromModule, needsComplete } from './engine.js'
import { invalidArgument } from './errors.js'
import { packed } from './packed.js'
import { PRINCIPAL, question } from './question.js'

const PRIVATE = Symbol('private')

/** What policies and sets of them have in common. */
class Policies extends Asked {
  #raw
  #known = new Map()

  constructor(raw) {
    super(raw, () => needsComplete('explanations, batches and allowed actions'))
    this.#raw = raw
  }

  /**
   * The answer to a question. The module answers with a number that stands for the decision; what it says is
   * fetched the first time and then taken from what is known, so that asking again costs one call and no text.
   */
  decide(query) {
    const { pieces, flags } = question(query)
    if (flags & PRINCIPAL) needsComplete('principals')
    const length = packed(pieces)
    try {
      const number = this.#raw.decide(length, pieces.length, flags)
      return this.#known.get(number) ?? this.#learn(number)
    } catch (thrown) {
      throw fromModule(thrown)
    }
  }

  /** What may be done with an action, as sets of resources. */
  access(query) {
    needsComplete('access')
    return accessOf(this.#raw, query)
  }

  #learn(number) {
    const decision = frozen(JSON.parse(this.#raw.lastDecision()))
    this.#known.set(number, decision)
    return decision
  }
}

/** The module's own object of a policy. */
export let nativeOf

/** A policy, read and compiled. */
export class Policy extends Policies {
  #raw
  #findings

  static {
    nativeOf = (policy, otherwise) => {
      if (!(#raw in Object(policy))) throw invalidArgument(otherwise)
      return policy.#raw
    }
  }

  constructor(key, raw) {
    if (key !== PRIVATE) throw invalidArgument('a policy is made by Policy.parse')
    super(raw)
    this.#raw = raw
  }

  static parse(source, choices) {
    const { kind, lenient, more } = reading(options(choices, POLICY_OPTIONS))
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

  get isPublic() {
    needsComplete('public policies')
    return call(() => this.#raw.isPublic())
  }

  get publicStatements() {
    needsComplete('public policies')
    return call(() => [...this.#raw.publicStatements()])
  }
}

/** Policies that decide together: any Deny wins, else any Allow. */
export class PolicySet extends Policies {
  constructor(policies) {
    if (!Array.isArray(policies)) throw invalidArgument('a set is made of a list of policies')
    const members = policies.map((policy) => nativeOf(policy, 'a set is made of policies'))
    super(call((raw) => listOf(raw, members).compile()))
  }
}

/** Policies as the module takes them. */
export function listOf(raw, members) {
  const list = new raw.PolicyList()
  for (const member of members) list.add(member)
  return list
}

/** Everything found about a policy document, and how far it can be used. */
export function validate(source, choices) {
  const { lenient, ...given } = options(choices, POLICY_OPTIONS)
  const { kind, more } = reading(given)
  const bytes = document('the policy', source)
  const find = (raw) => (more === null ? raw.validate(bytes, kind) : raw.validateAs(bytes, kind, ...more))
  return JSON.parse(call(find))
}

/** The built-in policies: name and document. */
export function builtInPolicies() {
  return JSON.parse(call((raw) => raw.builtIns()))
}

/** How a policy is to be read; `more` is what only the complete module takes, or null. */
function reading(choices) {
  const { dialect = 'minio', kind = 'identity', bucket, lenient = false } = choices
  if (dialect !== 'minio' && dialect !== 'aws') throw invalidArgument('dialect must be "minio" or "aws"')
  const isAws = dialect === 'aws'
  if (isAws) needsComplete('the AWS dialect')
  if (bucket !== undefined) needsComplete('holding a policy against its bucket')
  return { kind, lenient, more: isAws || bucket !== undefined ? [isAws, bucket] : null }
}
