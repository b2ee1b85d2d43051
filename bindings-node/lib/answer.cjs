'use strict'
// Answers of native code: one short text, whose first character says whether it is allowed; the rest
// is JSON, read only when somebody asks for more.

const { inspect } = require('node:util')

/** Everything that native code said in an answer. */
let read

/** An answer that reads itself on demand. */
class Answer {
  #text
  #parsed

  constructor(text) {
    this.#text = text
  }

  /** Whether it is allowed. */
  get allowed() {
    return this.#text.charCodeAt(0) === 49
  }

  static {
    read = (answer) => (answer.#parsed ??= JSON.parse(answer.#text.slice(1)))
  }

  [inspect.custom](depth, options, show = inspect) {
    return `${this.constructor.name} ${show(this.toJSON(), options)}`
  }
}

module.exports = { Answer, read }
