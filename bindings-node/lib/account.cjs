'use strict'
// Accounts: a caller with its policies, asked as a whole.

const { document, flag, object, options, text } = require('./arguments.cjs')
const { Asked, accessOf, frozen } = require('./asked.cjs')
const { guarded, invalidArgument, native } = require('./errors.cjs')
const { send } = require('./packed.cjs')
const { nativeOf } = require('./policy.cjs')
const { addContext, without } = require('./question.cjs')

const ACCOUNT_OPTIONS = { credential: 'string', policies: 'list', sessionPolicy: 'any', parentIsRoot: 'boolean' }

// What a call asks for besides, in the order of their bits; the bits after them say what is given at all.
const ASKED_FOR = ['retention', 'legalHold', 'bypassGovernance', 'replica', 'objectLock', 'forceDelete']
const VERSION = 64
const SOURCE = 128
const SOURCE_VERSION = 256

/** The native object of a question's bucket policy, or undefined. The credential says who asks and who
 * the owner is. */
function bucketPolicyOf(query) {
  without(query, ['isOwner', 'principal', 'resourceAccount'], 'an account takes')
  const { bucketPolicy } = query
  return bucketPolicy === undefined ? undefined : nativeOf(bucketPolicy, 'bucketPolicy must be a Policy')
}

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

/** A caller and all its policies, decided as MinIO does. */
class Account extends Asked {
  #native

  constructor(choices) {
    const { credential, policies = [], sessionPolicy, parentIsRoot = false } = options(choices ?? {}, ACCOUNT_OPTIONS)
    const members = policies.map((policy) => nativeOf(policy, 'policies must be a list of Policy'))
    const session = sessionPolicy === undefined ? undefined : document('sessionPolicy', sessionPolicy)
    text('credential', credential)
    const account = guarded(() => native.Account.of(credential, parentIsRoot, members, session))
    super(account, bucketPolicyOf)
    this.#native = account
  }

  /** What the account may do with an action, as sets of resources. */
  access(query) {
    return accessOf(this.#native, query, bucketPolicyOf(query))
  }

  /** Whether the account may make an API call, with all the actions that it needs. */
  decideOperation(query) {
    const policy = bucketPolicyOf(query)
    const { pieces, flags } = call(query)
    return frozen(JSON.parse(send(pieces, (...question) => this.#native.decideOperation(...question, flags, policy))))
  }
}

module.exports = { Account }
