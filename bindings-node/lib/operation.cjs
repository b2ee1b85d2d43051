'use strict'
// Questions about whole API calls as pieces of text and flags; the core's `ask_packed_operation` says which
// these are.

const { flag, object, text } = require('./arguments.cjs')
const { invalidArgument } = require('./errors.cjs')
const { addContext } = require('./question.cjs')

// What a call asks for besides, in the order of their bits; the bits after them say what is given at all.
const ASKED_FOR = ['retention', 'legalHold', 'bypassGovernance', 'replica', 'objectLock', 'forceDelete']
const VERSION = 64
const SOURCE = 128
const SOURCE_VERSION = 256

/** The pieces of a question about an API call and its flags. */
function call(query) {
  const { operation, bucket = '', object: key = '', account = '', context } = object('the question', query)
  const { versionId, copySource, buckets = [] } = query
  if (copySource !== undefined) object('copySource', copySource)
  if (!Array.isArray(buckets)) throw invalidArgument('buckets must be a list of strings')
  const source = copySource ?? { bucket: '', object: '' }
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
  if (context !== undefined) addContext(pieces, context)
  let flags = 0
  ASKED_FOR.forEach((name, bit) => {
    if (flag(name, query[name])) flags |= 1 << bit
  })
  if (versionId !== undefined) flags |= VERSION
  if (copySource !== undefined) flags |= SOURCE
  if (source.versionId !== undefined) flags |= SOURCE_VERSION
  return { pieces, flags }
}

module.exports = { call }
