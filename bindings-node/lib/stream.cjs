'use strict'
// Bodies that pass through Node's streams.

const { Transform } = require('node:stream')
const { readerFor } = require('./body.cjs')

/** A stream through which a body passes: the request's bytes in, the object's out. It ends only where the body is what
 * was announced; else it is destroyed with the reader's error. */
function bodyTransform(reader) {
  const checked = readerFor('bodyTransform', reader)
  return new Transform({
    transform(chunk, encoding, done) {
      let released
      try {
        released = checked.push(chunk)
      } catch (error) {
        done(error)
        return
      }
      // An empty piece would be passed on as one.
      if (released.length === 0) done()
      else done(null, released)
    },
    flush(done) {
      try {
        checked.finish()
      } catch (error) {
        done(error)
        return
      }
      done()
    },
  })
}

module.exports = { bodyTransform }
