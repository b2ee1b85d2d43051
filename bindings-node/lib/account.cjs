'use strict'
// Accounts: a caller with its policies, asked as a whole.

const { document, flag, options, text } = require('./arguments.cjs')
const { fromNative, guarded, invalidArgument, native } = require('./errors.cjs')
const { addContext, nativeOf, packed, question } = require('./policy.cjs')

const ACCOUNT_OPTIONS = { credential: 'string', policies: 'list', sessionPolicy: 'any', parentIsRoot: 'boolean' }

// What a call asks for besides, in the order of their bits; the bits after them say what is given at all.
const ASKED_FOR = ['retention', 'legalHold', 'bypassGovernance', 'replica', 'objectLock', 'forceDelete']
const VERSION = 64
const SOURCE = 128
const SOURCE_VERSION = 256

/** The native object of a bucket policy, or undefined. */
function bucketPolicyOf(policy) {
  return policy === undefined ? undefined : nativeOf(policy, 'bucketPolicy must be a Policy')
}

function ask(decide, pieces, flags, bucketPolicy) {
  const { buffer, lengths } = packed(pieces)
  try {
    const decision = JSON.parse(decide(buffer, lengths, pieces.length, flags, bucketPolicy))
    Object.freeze(decision.statement)
    return Object.freeze(decision)
  } catch (thrown) {
    throw fromNative(thrown)
  }
}

/** The pieces of a question about an API call and its flags. */
function call(query) {
  if (query === null || typeof query !== 'object') throw invalidArgument('the question must be an object')
  const { operation, bucket = '', object = '', account = '', versionId, copySource, buckets = [], context } = query
  if (copySource !== undefined && (copySource === null || typeof copySource !== 'object')) {
    throw invalidArgument('copySource must be an object')
  }
  if (!Array.isArray(buckets)) throw invalidArgument('buckets must be a list of strings')
  const source = copySource ?? { bucket: '', object: '' }
  const pieces = [
    text('operation', operation),
    text('bucket', bucket),
    text('object', object),
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

/** A caller and all its policies, decided as MinIO does. */
class Account {
  #native

  constructor(choices) {
    const { credential, policies = [], sessionPolicy, parentIsRoot = false } = options(choices ?? {}, ACCOUNT_OPTIONS)
    const members = policies.map((policy) => nativeOf(policy, 'policies must be a list of Policy'))
    const session = sessionPolicy === undefined ? undefined : document('sessionPolicy', sessionPolicy)
    text('credential', credential)
    this.#native = guarded(() => native.Account.of(credential, parentIsRoot, members, session))
  }

  /** Whether the account may do one action. */
  decide(query) {
    const { pieces, flags } = question(query)
    if (query.isOwner !== undefined) throw invalidArgument('the credential says who the owner is, not isOwner')
    const policy = bucketPolicyOf(query.bucketPolicy)
    return ask((...packed) => this.#native.decide(...packed), pieces, flags, policy)
  }

  /** Whether the account may make an API call, with all the actions that it needs. */
  decideOperation(query) {
    const { pieces, flags } = call(query)
    const policy = bucketPolicyOf(query.bucketPolicy)
    return ask((...packed) => this.#native.decideOperation(...packed), pieces, flags, policy)
  }
}

module.exports = { Account }
