'use strict'
// Policies by where they are attached, checked.

const { options } = require('./arguments.cjs')
const { invalidArgument } = require('./errors.cjs')
const { nativeOf } = require('./policy.cjs')
const { without } = require('./question.cjs')

const LAYERS = {
  identity: 'list',
  boundary: 'any',
  session: 'list',
  scp: 'list',
  rcp: 'list',
  resource: 'any',
  endpoint: 'any',
  publicAccessBlock: 'any',
}

const SETTINGS = {
  blockPublicAcls: 'boolean',
  ignorePublicAcls: 'boolean',
  blockPublicPolicy: 'boolean',
  restrictPublicBuckets: 'boolean',
}

/** The policies of each layer, in the form in which native code takes them. */
function attached(policies) {
  const { identity = [], boundary, session = [], scp = [], rcp = [], ...rest } = options(policies, LAYERS)
  const { resource, endpoint, publicAccessBlock } = rest
  return {
    identity: all('identity', identity),
    boundary: one('boundary', boundary),
    session: all('session', session),
    scp: levels('scp', scp),
    rcp: levels('rcp', rcp),
    resource: one('resource', resource),
    endpoint: one('endpoint', endpoint),
    publicAccessBlock: options(publicAccessBlock, SETTINGS, 'publicAccessBlock.'),
  }
}

/** Refuses what layers are not asked. */
function toLayers(query) {
  without(query, ['isOwner', 'denyOnly', 'account'], 'layers take')
}

function one(name, policy) {
  return policy === undefined ? undefined : nativeOf(policy, `${name} must be a Policy`)
}

function all(name, policies) {
  return Array.from(policies, (policy) => nativeOf(policy, `${name} must be a list of Policy`))
}

/** The policies of each level of an organisation, from its root. */
function levels(name, levels) {
  return Array.from(levels, (level) => {
    if (!Array.isArray(level)) throw invalidArgument(`${name} must be a list of levels, each a list of Policy`)
    return all(name, level)
  })
}

module.exports = { attached, toLayers }
