'use strict'
// What everything that answers questions has in common.

const { failure, invalidArgument } = require('./errors.cjs')
const { MAX_BATCH_TEXT, guarded, send } = require('./packed.cjs')
const { packable, placeOf } = require('./question.cjs')

/** Whoever answers questions: a policy, a set of policies, an account, layers. */
class Asked {
  #native
  #beside

  /** `beside` checks a question and says what native code is to have with it. */
  constructor(native, beside = () => undefined) {
    this.#native = native
    this.#beside = beside
  }

  /** The answer to a question. */
  decide(query) {
    return frozen(this.#ask('decide', query))
  }

  /** The same answer, and what every statement had to say. */
  explain(query) {
    return frozen(this.#ask('explain', query))
  }

  /** The answers for every action on every resource in every context, in this order. */
  decideMany(query) {
    const { decisions, answers } = this.#ask('decideMany', query, MAX_BATCH_TEXT)
    frozen(decisions)
    return Object.freeze(answers.map((position) => decisions[position]))
  }

  /** The actions that are allowed, sorted by name. */
  allowedActions(query) {
    return frozen(this.#ask('allowedActions', query))
  }

  #ask(verb, query, most) {
    const beside = this.#beside(query)
    const { pieces, flags } = packable(verb, query)
    return JSON.parse(send(pieces, (...question) => this.#native.ask(verb, ...question, flags, beside), most))
  }
}

/** Held by this module alone, so that nothing else makes an `Access`. */
const KEY = Symbol('access')

/** What may be done with an action, as sets of resources. */
class Access {
  #native

  /** Made by `access` alone. */
  constructor(key, native) {
    if (key !== KEY) throw invalidArgument('an Access is made by access')
    this.#native = native
    this.layers = frozen(JSON.parse(native.data()).layers)
    Object.freeze(this)
  }

  /** Whether a resource is among them; null where that depends on what is not known. */
  allows(resource) {
    const place = placeOf(resource)
    if (!place.every((text) => text.isWellFormed())) {
      throw failure('invalid-utf8', 'the resource has half a surrogate pair')
    }
    return guarded(() => this.#native.allows(...place))
  }
}

/** What a native policy, set or account can reach. */
function accessOf(native, query, beside) {
  const { pieces, flags } = packable('access', query)
  return send(pieces, (...question) => new Access(KEY, native.access(...question, flags, beside)))
}

/** Data that nobody can change, all the way down. */
function frozen(data) {
  if (data === null || typeof data !== 'object') return data
  Object.values(data).forEach(frozen)
  return Object.freeze(data)
}

module.exports = { Access, Asked, accessOf, frozen }
