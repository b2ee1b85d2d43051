'use strict'
// Request bodies, read while they arrive.

const { bytes, text } = require('./arguments.cjs')
const { complete } = require('./engine.cjs')
const { invalidArgument } = require('./errors.cjs')
const { frozen } = require('./asked.cjs')
const { guarded } = require('./packed.cjs')

/** Held by this module alone, so that nothing else makes a reader. */
const KEY = Symbol('body')

/** Takes a body as it arrives, releases the object's bytes, and at the end says whether it is what was announced. */
class BodyReader {
  #native
  #summary = null

  /** Made from a verified request alone. */
  constructor(key, native) {
    if (key !== KEY) throw invalidArgument('a BodyReader is made by bodyReader or anonymousBody')
    this.#native = native
  }

  /** The length of the object that a chunked body announces; null for others, whose length is `Content-Length`. */
  get decodedLength() {
    return guarded(() => this.#native.decodedLength()) ?? null
  }

  /** What `finish` answered; null before. */
  get summary() {
    return this.#summary
  }

  /** Takes the next bytes of the body, and gives what they release of the object: often none, and of a body without
   * chunks the very bytes. */
  push(input) {
    const given = bytes('the body', input)
    return guarded(() => this.#native.push(given)) ?? given
  }

  /** Says that the body has ended, and checks what can be checked then alone. */
  finish() {
    this.#summary = frozen(JSON.parse(guarded(() => this.#native.finish())))
    return this.#summary
  }
}

/** The reader of a body that native code holds. */
function readerOf(native) {
  return new BodyReader(KEY, native)
}

/** The reader of a verified body: `body` is native code's, and undefined where the request announces nothing of it but
 * its payload. */
function bodyReader(body, payload, errorProfile) {
  const { Body } = complete('reading bodies')
  return readerOf(guarded(() => (body ?? Body.plain(payload, errorProfile)).reader()))
}

/** A stream of the web through which a body passes. It ends well only where the body is what was announced. */
function bodyTransformStream(reader) {
  const checked = readerFor('bodyTransformStream', reader)
  return new TransformStream({
    transform(chunk, controller) {
      const released = checked.push(chunk)
      if (released.length > 0) controller.enqueue(released)
    },
    flush() {
      checked.finish()
    },
  })
}

/** A reader, and nothing else. */
function readerFor(taker, reader) {
  if (!(reader instanceof BodyReader)) throw invalidArgument(`${taker} takes a BodyReader`)
  return reader
}

/** A `Content-Encoding` as it is stored with the object; null if nothing is left. */
function storedContentEncoding(value) {
  text('the Content-Encoding', value)
  const { storedContentEncoding } = complete('reading bodies')
  return guarded(() => storedContentEncoding(value)) ?? null
}

module.exports = { BodyReader, bodyReader, bodyTransformStream, readerFor, readerOf, storedContentEncoding }
