'use strict'
// Policies: parsed once, asked often.

const { document, options, text, POLICY_OPTIONS } = require('./arguments.cjs')
const { Answer, read } = require('./answer.cjs')
const { guarded, invalidArgument, native } = require('./errors.cjs')

const OWNER = 1
const DENY_ONLY = 2
const OBJECT = 4

/** What a policy answers to a question. */
class Decision extends Answer {
  /** `allow`, `explicit_deny` or `implicit_deny`. */
  get outcome() {
    return read(this).outcome
  }

  /** Why. */
  get reason() {
    return read(this).reason
  }

  /** The statement that decided, or null. */
  get statement() {
    return read(this).statement
  }

  toJSON() {
    const { outcome, allowed, reason, statement } = read(this)
    return { outcome, allowed, reason, statement }
  }
}

// The question crosses as one buffer: the pieces' text without anything between, and their lengths.
let buffer = Buffer.alloc(4096)
let lengths = new Uint32Array(64)

/** Asks a native decider. */
function ask(decide, query) {
  if (query === null || typeof query !== 'object') throw invalidArgument('the question must be an object')
  const { action, resource, bucket, object, account, context, isOwner, denyOnly } = query
  const named = bucket !== undefined || object !== undefined
  if (named && resource !== undefined) throw invalidArgument('give either resource, or bucket and object')
  const pieces = [
    text('action', action),
    named ? text('bucket', bucket ?? '') : text('resource', resource ?? ''),
    text('object', object ?? ''),
    text('account', account ?? ''),
  ]
  if (context !== undefined) addContext(pieces, context)
  const flags = (isOwner === true ? OWNER : 0) | (denyOnly === true ? DENY_ONLY : 0) | (named ? OBJECT : 0)
  return guarded(() => new Decision(decide(pack(pieces), lengths, pieces.length, flags)))
}

/** Adds name and text of each context value. */
function addContext(pieces, context) {
  if (context === null || typeof context !== 'object') throw invalidArgument('context must be an object')
  for (const [name, value] of Object.entries(context)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) pieces.push(name, contextText(name, one))
  }
}

function contextText(name, value) {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      if (Number.isFinite(value)) return String(value)
      break
    default:
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  }
  throw invalidArgument(`the context value ${name} must be a string, number, boolean, Date or a list of these`)
}

/** Writes the pieces into the buffer and their byte lengths beside it. */
function pack(pieces) {
  const all = pieces.join('')
  if (all.length * 3 > buffer.length) buffer = Buffer.alloc(all.length * 3)
  if (pieces.length > lengths.length) lengths = new Uint32Array(pieces.length * 2)
  const ascii = buffer.utf8Write(all, 0) === all.length
  for (let i = 0; i < pieces.length; i++) {
    lengths[i] = ascii ? pieces[i].length : Buffer.byteLength(pieces[i], 'utf8')
  }
  return buffer
}

/** Held by this module alone, so that nothing else makes a policy. */
const KEY = Symbol('policy')

/** The native object of a policy. */
let nativeOf

/** A policy, read and compiled. */
class Policy {
  #native
  #decide
  #findings

  /** Made by `Policy.parse` alone. */
  constructor(key, policy) {
    if (key !== KEY) throw invalidArgument('a policy is made by Policy.parse')
    this.#native = policy
    this.#decide = policy.decider()
  }

  /** Reads and compiles a policy document. */
  static parse(source, choices) {
    const given = options(choices, POLICY_OPTIONS)
    const bytes = document('the policy', source)
    return guarded(() => new Policy(KEY, native.Policy.parse(bytes, given)))
  }

  /** A built-in policy, for example `readonly`. */
  static builtIn(name) {
    const source = native.builtIn(text('name', name))
    if (source === null) {
      throw invalidArgument(`there is no built-in policy ${name}; there are ${builtInPolicies().join(', ')}`)
    }
    return Policy.parse(source, { lenient: true })
  }

  /** What the policy answers to a question. */
  decide(query) {
    return ask(this.#decide, query)
  }

  /** Everything found about the document. */
  get findings() {
    return (this.#findings ??= JSON.parse(this.#native.findings()).findings)
  }

  static {
    nativeOf = (policy) => {
      if (!(policy instanceof Policy)) throw invalidArgument('a set is made of policies')
      return policy.#native
    }
  }
}

/** Policies that decide together: any Deny wins, else any Allow. */
class PolicySet {
  #decide

  constructor(policies) {
    if (!Array.isArray(policies)) throw invalidArgument('a set is made of a list of policies')
    const members = policies.map(nativeOf)
    this.#decide = guarded(() => native.PolicySet.of(members).decider())
  }

  /** What the policies answer together. */
  decide(query) {
    return ask(this.#decide, query)
  }
}

/** Everything found about a policy document, and how far it can be used. */
function validate(source, choices) {
  const { lenient, ...given } = options(choices, POLICY_OPTIONS)
  const bytes = document('the policy', source)
  return guarded(() => JSON.parse(native.validate(bytes, given)))
}

/** The names of the built-in policies. */
function builtInPolicies() {
  return native.builtInNames()
}

module.exports = { Decision, Policy, PolicySet, validate, builtInPolicies }
