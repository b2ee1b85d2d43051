// Packs questions into the exchange buffer, as `wasm/src/question.rs` reads them: the length of each piece in bytes,
// then the pieces' text.

import { call, room } from './engine.js'
import { failure, invalidArgument } from './errors.js'

const MAX_TEXT = 1024 * 1024
export const MAX_BATCH_TEXT = 16 * MAX_TEXT

const encoder = new TextEncoder()

/** Writes the pieces, and returns the length of it all. */
export function packed(pieces, most = MAX_TEXT) {
  const all = pieces.join('')
  if (all.length > most) throw invalidArgument(`the question is longer than ${most} characters`)
  const start = 4 * pieces.length
  const buffer = room(start + 3 * all.length)
  const { written } = encoder.encodeInto(all, buffer.subarray(start))
  const ascii = written === all.length
  // Each piece for itself: two halves in neighbouring pieces would make a whole.
  if (!ascii && !pieces.every((piece) => piece.isWellFormed())) {
    throw failure('invalid-utf8', 'the question has half a surrogate pair')
  }
  for (let i = 0; i < pieces.length; i++) {
    const length = ascii ? pieces[i].length : encoder.encode(pieces[i]).length
    const at = 4 * i
    buffer[at] = length
    buffer[at + 1] = length >>> 8
    buffer[at + 2] = length >>> 16
    buffer[at + 3] = length >>> 24
  }
  return start + written
}

/** Packs the pieces and calls the module with their length and number. */
export function send(pieces, ask, most) {
  const length = packed(pieces, most)
  return guarded(() => ask(length, pieces.length))
}

/** Calls objects of the module. */
export function guarded(ask) {
  return call(ask)
}
