import { call, documentBytes, engine, exchangeText, failure, text } from './engine.js'
import { invalidArgument } from './errors.js'

const IS_OWNER = 1
const DENY_ONLY = 2
const PRIVATE = Symbol('private')
let rawOf

/** Everything found about a policy document, and how far it can be used. */
export function validate(document, { dialect = 'minio', kind = 'identity' } = {}) {
  const bytes = documentBytes(document, 'policy')
  return JSON.parse(call((raw) => raw.validate(bytes, text(dialect, 'dialect'), text(kind, 'kind'))))
}

/** The built-in policies: name and text. */
export function builtInPolicies() {
  return call((raw) => Object.fromEntries(raw.builtInNames().map((name) => [name, raw.builtIn(name)])))
}

/** A policy, read and compiled. */
export class Policy {
  #raw
  #decisions = new Map()

  static {
    rawOf = (policy) => policy.#raw
  }

  constructor(key, raw) {
    if (key !== PRIVATE) throw invalidArgument('use Policy.parse or Policy.builtIn')
    this.#raw = raw
  }

  static parse(document, { dialect = 'minio', kind = 'identity', lenient = false } = {}) {
    const bytes = documentBytes(document, 'policy')
    const parsed = call((raw) => raw.Policy.parse(bytes, text(dialect, 'dialect'), text(kind, 'kind'), Boolean(lenient)))
    return new Policy(PRIVATE, parsed)
  }

  static builtIn(name) {
    const document = call((raw) => raw.builtIn(text(name, 'name')))
    if (document === undefined) throw invalidArgument(`there is no built-in policy ${JSON.stringify(name)}`)
    return Policy.parse(document)
  }

  get findings() {
    return JSON.parse(call(() => this.#raw.findings())).findings
  }

  decide(query) {
    return decide(this.#raw, this.#decisions, query)
  }
}

/** Several policies that decide together: any Deny wins, else any Allow. */
export class PolicySet {
  #raw
  #decisions = new Map()

  constructor(policies) {
    this.#raw = call((raw) => {
      const list = new raw.PolicyList()
      for (const policy of policies) {
        if (!(policy instanceof Policy)) throw invalidArgument('a PolicySet is made of policies')
        list.add(rawOf(policy))
      }
      return list.compile()
    })
  }

  decide(query) {
    return decide(this.#raw, this.#decisions, query)
  }
}

/**
 * Puts a question to a policy or set. The module answers with a number; the decision that it stands
 * for is fetched once and then taken from `known`, so that a decision costs one call and no JSON.
 */
function decide(raw, known, query) {
  try {
    engine()
    const { pieces, flags, length } = ask(query)
    const fingerprint = raw.decide(length, pieces, flags)
    return known.get(fingerprint) ?? remember(raw, known, fingerprint)
  } catch (thrown) {
    throw failure(thrown)
  }
}

function remember(raw, known, fingerprint) {
  const decision = JSON.parse(raw.lastDecision())
  Object.freeze(decision.statement)
  known.set(fingerprint, Object.freeze(decision))
  return decision
}

/** Writes a question into the exchange buffer, as `wasm/src/question.rs` reads it. */
function ask({ action, resource, bucket, object = '', context, account = '', isOwner = false, denyOnly = false }) {
  let question
  let pieces
  if (bucket === undefined) {
    question = `r\0${text(resource ?? '', 'resource')}`
    pieces = 4
  } else {
    if (resource !== undefined) throw invalidArgument('give either resource, or bucket and object')
    question = `o\0${text(bucket, 'bucket')}\0${text(object, 'object')}`
    pieces = 5
  }
  question += `\0${text(action, 'action')}\0${text(account, 'account')}`
  if (context !== undefined && context !== null) {
    for (const name of Object.keys(context)) {
      const value = context[name]
      for (const one of Array.isArray(value) ? value : [value]) {
        question += `\0${name}\0${text(one, `the context value ${name}`)}`
        pieces += 2
      }
    }
  }
  const flags = (isOwner ? IS_OWNER : 0) | (denyOnly ? DENY_ONLY : 0)
  return { pieces, flags, length: exchangeText(question) }
}
