// Packs a question to a policy into the exchange buffer, as `wasm/src/question.rs` reads it: the
// length of each piece in bytes, then the pieces' text.

import { flag, object, text } from './arguments.js'
import { room } from './engine.js'
import { invalidArgument, invalidUtf8 } from './errors.js'

const OWNER = 1
const DENY_ONLY = 2
const OBJECT = 4
// What a call asks for besides, in the order of their bits; the bits after them say what is given at all.
const ASKED_FOR = ['retention', 'legalHold', 'bypassGovernance', 'replica', 'objectLock', 'forceDelete']
const VERSION = 64
const SOURCE = 128
const SOURCE_VERSION = 256
const MAX_TEXT = 1024 * 1024

const encoder = new TextEncoder()

/** The last question's number of pieces, flags, and length in the buffer. */
export const packed = { pieces: 0, flags: 0, length: 0 }

/** Packs a question. */
export function pack(query) {
  const { action, resource, bucket, object: key, account = '', context, isOwner = false, denyOnly = false } = object('the question', query)
  const named = bucket !== undefined || key !== undefined
  if (named && resource !== undefined) throw invalidArgument('give either resource, or bucket and object')
  if (typeof isOwner !== 'boolean' || typeof denyOnly !== 'boolean') {
    throw invalidArgument('isOwner and denyOnly must be booleans')
  }
  const pieces = [
    text('action', action),
    named ? text('bucket', bucket) : text('resource', resource ?? ''),
    text('object', key ?? ''),
    text('account', account),
  ]
  if (context !== undefined) addContext(pieces, object('context', context))
  packed.flags = (isOwner ? OWNER : 0) | (denyOnly ? DENY_ONLY : 0) | (named ? OBJECT : 0)
  write(pieces)
}

/** Packs a question about an API call. */
export function packCall(query) {
  const { operation, bucket = '', object: key = '', account = '', versionId, copySource, buckets = [], context } = object('the question', query)
  if (!Array.isArray(buckets)) throw invalidArgument('buckets must be a list of strings')
  const source = copySource === undefined ? { bucket: '', object: '' } : object('copySource', copySource)
  const pieces = [
    text('operation', operation),
    text('bucket', bucket),
    text('object', key),
    text('account', account),
    text('versionId', versionId ?? ''),
    text('copySource.bucket', source.bucket),
    text('copySource.object', source.object),
    text('copySource.versionId', source.versionId ?? ''),
    String(buckets.length),
    ...buckets.map((name) => text('a bucket', name)),
  ]
  if (context !== undefined) addContext(pieces, object('context', context))
  packed.flags = 0
  ASKED_FOR.forEach((name, bit) => {
    if (flag(name, query[name])) packed.flags |= 1 << bit
  })
  if (versionId !== undefined) packed.flags |= VERSION
  if (copySource !== undefined) packed.flags |= SOURCE
  if (source.versionId !== undefined) packed.flags |= SOURCE_VERSION
  write(pieces)
}

/** Adds name and text of each context value. */
function addContext(pieces, context) {
  for (const name of Object.keys(context)) {
    const value = context[name]
    if (typeof value === 'string') pieces.push(name, value)
    else if (Array.isArray(value)) for (const one of value) pieces.push(name, contextText(name, one))
    else if (value !== undefined) pieces.push(name, contextText(name, value))
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

function write(pieces) {
  const all = pieces.join('')
  if (all.length > MAX_TEXT) throw invalidArgument(`a question has at most ${MAX_TEXT} characters`)
  const start = 4 * pieces.length
  const buffer = room(start + 3 * all.length)
  const { written } = encoder.encodeInto(all, buffer.subarray(start))
  const ascii = written === all.length
  // Each piece for itself: two halves in neighbouring pieces would make a whole.
  if (!ascii && !pieces.every((piece) => piece.isWellFormed())) throw invalidUtf8('the question has half a surrogate pair')
  for (let i = 0; i < pieces.length; i++) {
    const length = ascii ? pieces[i].length : encoder.encode(pieces[i]).length
    const at = 4 * i
    buffer[at] = length
    buffer[at + 1] = length >>> 8
    buffer[at + 2] = length >>> 16
    buffer[at + 3] = length >>> 24
  }
  packed.pieces = pieces.length
  packed.length = start + written
}
