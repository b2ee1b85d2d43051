'use strict'
// Policies: parsed once, asked often.

const { document, options, text, POLICY_OPTIONS } = require('./arguments.cjs')
const { failure, fromNative, guarded, invalidArgument, native } = require('./errors.cjs')

const OWNER = 1
const DENY_ONLY = 2
const OBJECT = 4
const MAX_TEXT = 1024 * 1024

// The question crosses as one buffer: the pieces' text without anything between, and their lengths.
let buffer = Buffer.alloc(4096)
let lengths = new Uint32Array(64)

/** Asks a policy or set. Native code answers with a number; the decision that it stands for is fetched
 * once and then taken from `known`, so that a decision costs one call and no JSON. */
function ask(asked, decide, known, query) {
  const { pieces, flags } = question(query)
  packed(pieces)
  try {
    const fingerprint = decide(buffer, lengths, pieces.length, flags)
    return known.get(fingerprint) ?? remember(asked, known, fingerprint)
  } catch (thrown) {
    throw fromNative(thrown)
  }
}

function remember(asked, known, fingerprint) {
  const decision = JSON.parse(asked.lastDecision())
  Object.freeze(decision.statement)
  known.set(fingerprint, Object.freeze(decision))
  return decision
}

/** The pieces of a question and its flags. */
function question(query) {
  if (query === null || typeof query !== 'object') throw invalidArgument('the question must be an object')
  const { action, resource, bucket, object, account = '', context, isOwner = false, denyOnly = false } = query
  const named = bucket !== undefined || object !== undefined
  if (named && resource !== undefined) throw invalidArgument('give either resource, or bucket and object')
  if (typeof isOwner !== 'boolean' || typeof denyOnly !== 'boolean') {
    throw invalidArgument('isOwner and denyOnly must be booleans')
  }
  const pieces = [
    text('action', action),
    named ? text('bucket', bucket) : text('resource', resource ?? ''),
    text('object', object ?? ''),
    text('account', account),
  ]
  if (context !== undefined) addContext(pieces, context)
  return { pieces, flags: (isOwner ? OWNER : 0) | (denyOnly ? DENY_ONLY : 0) | (named ? OBJECT : 0) }
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
function packed(pieces) {
  const all = pieces.join('')
  if (all.length > MAX_TEXT) throw invalidArgument(`the question is longer than ${MAX_TEXT} characters`)
  if (all.length * 3 > buffer.length) buffer = Buffer.alloc(all.length * 3)
  if (pieces.length > lengths.length) lengths = new Uint32Array(pieces.length * 2)
  const ascii = buffer.utf8Write(all, 0) === all.length
  for (let i = 0; i < pieces.length; i++) {
    lengths[i] = ascii ? pieces[i].length : byteLength(pieces[i])
  }
  return { buffer, lengths }
}

function byteLength(piece) {
  // Two halves of a surrogate pair would melt into one character where their pieces meet.
  if (!piece.isWellFormed()) throw failure('invalid-utf8', 'the question has half a surrogate pair')
  return Buffer.byteLength(piece, 'utf8')
}

/** Held by this module alone, so that nothing else makes a policy. */
const KEY = Symbol('policy')

/** The native object of a policy. */
let nativeOf

/** A policy, read and compiled. */
class Policy {
  #native
  #decide
  #known = new Map()
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
    const all = builtInPolicies()
    if (!Object.hasOwn(all, text('name', name))) {
      throw invalidArgument(`there is no built-in policy ${name}; there are ${Object.keys(all).join(', ')}`)
    }
    return Policy.parse(all[name])
  }

  /** What the policy answers to a question. */
  decide(query) {
    return ask(this.#native, this.#decide, this.#known, query)
  }

  /** Everything found about the document. */
  get findings() {
    return (this.#findings ??= JSON.parse(this.#native.findings()).findings)
  }

  static {
    nativeOf = (policy, otherwise) => {
      if (!(#native in Object(policy))) throw invalidArgument(otherwise)
      return policy.#native
    }
  }
}

/** Policies that decide together: any Deny wins, else any Allow. */
class PolicySet {
  #native
  #decide
  #known = new Map()

  constructor(policies) {
    if (!Array.isArray(policies)) throw invalidArgument('a set is made of a list of policies')
    const members = policies.map((policy) => nativeOf(policy, 'a set is made of policies'))
    this.#native = guarded(() => native.PolicySet.of(members))
    this.#decide = this.#native.decider()
  }

  /** What the policies answer together. */
  decide(query) {
    return ask(this.#native, this.#decide, this.#known, query)
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

module.exports = { Policy, PolicySet, validate, builtInPolicies, addContext, nativeOf, packed, question }
