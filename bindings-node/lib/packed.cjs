'use strict'
// The buffer in which questions cross: the pieces' text without anything between, and their lengths.

const { failure, guarded, invalidArgument } = require('./errors.cjs')

const MAX_TEXT = 1024 * 1024
const MAX_BATCH_TEXT = 16 * MAX_TEXT

let room = { buffer: Buffer.alloc(4096), lengths: new Uint32Array(64) }

/** Room for a text of so many characters in so many pieces. What a batch needed is not kept. */
function roomFor(characters, pieces) {
  const bytes = characters * 3
  if (bytes <= room.buffer.length && pieces <= room.lengths.length) return room
  const larger = {
    buffer: Buffer.alloc(Math.max(bytes, room.buffer.length)),
    lengths: new Uint32Array(Math.max(pieces * 2, room.lengths.length)),
  }
  if (characters <= MAX_TEXT && pieces <= MAX_TEXT) room = larger
  return larger
}

/** Writes the pieces into the buffer and their byte lengths beside it. Both may be longer than that. */
function packed(pieces, most = MAX_TEXT) {
  const all = pieces.join('')
  if (all.length > most) throw invalidArgument(`the question is longer than ${most} characters`)
  const place = roomFor(all.length, pieces.length)
  const { buffer, lengths } = place
  const ascii = buffer.utf8Write(all, 0) === all.length
  for (let i = 0; i < pieces.length; i++) {
    lengths[i] = ascii ? pieces[i].length : byteLength(pieces[i])
  }
  return place
}

function byteLength(piece) {
  // Two halves of a surrogate pair would melt into one character where their pieces meet.
  if (!piece.isWellFormed()) throw failure('invalid-utf8', 'the question has half a surrogate pair')
  return Buffer.byteLength(piece, 'utf8')
}

/** Packs the pieces and calls native code with them. */
function send(pieces, call, most) {
  const { buffer, lengths } = packed(pieces, most)
  return guarded(() => call(buffer, lengths.subarray(0, pieces.length)))
}

module.exports = { MAX_BATCH_TEXT, guarded, packed, send }
