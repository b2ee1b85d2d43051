'use strict'
// Questions as the pieces of text and the flags in which they cross into native code; the core's
// `ask_packed` says which these are.

const { json, object, options, text } = require('./arguments.cjs')
const { invalidArgument } = require('./errors.cjs')

const OWNER = 1
const DENY_ONLY = 2
const OBJECT = 4
const PRINCIPAL = 8
const BEHIND = 16
const RESOURCE_ACCOUNT = 32
const COMPLETE = 64
const ACL = 128

/** Principals by their type: what each is named by, and who is behind it. */
const PRINCIPALS = {
  user: ['arn'],
  root: ['arn'],
  'role-session': ['arn', 'role'],
  'federated-user': ['arn', 'user'],
  service: ['name'],
  federated: ['provider'],
  anonymous: [],
}

/** The pieces of a question of any verb, and its flags. */
function packable(verb, query) {
  switch (verb) {
    case 'decideMany':
      return batch(query)
    case 'access':
      return reach(query)
    case 'allowedActions':
      return question(query, '')
    default:
      return question(query)
  }
}

/** One question; about `action`, if that is given, whatever it says itself. */
function question(query, action) {
  const { resource, bucket, object: key, account = '', context } = object('the question', query)
  const named = bucket !== undefined || key !== undefined
  if (named && resource !== undefined) throw invalidArgument('give either resource, or bucket and object')
  const pieces = [
    action ?? text('action', query.action),
    named ? text('bucket', bucket) : text('resource', resource ?? ''),
    text('object', key ?? ''),
    text('account', account),
  ]
  const flags = addAsker(pieces, query) | (named ? OBJECT : 0)
  if (context !== undefined) addContext(pieces, context)
  return { pieces, flags }
}

/** Every action on every resource in every context. */
function batch(query) {
  without(query, ['action', 'resource', 'bucket', 'object', 'context'], 'decideMany takes')
  const { actions, resources = [''], contexts = [{}], account = '' } = query
  const pieces = [text('account', account)]
  const flags = addAsker(pieces, query)
  addList(pieces, 'actions', actions, (action) => pieces.push(text('an action', action)))
  addList(pieces, 'resources', resources, (resource) => {
    const named = placeOf(resource)
    pieces.push(String(named.length), ...named)
  })
  addList(pieces, 'contexts', contexts, (context) => {
    const at = pieces.push('') - 1
    addContext(pieces, context)
    pieces[at] = String((pieces.length - at - 1) / 2)
  })
  return { pieces, flags }
}

/** A question without a target, and whether its context is complete. */
function reach(query) {
  without(query, ['resource', 'bucket', 'object', 'isOwner', 'denyOnly'], 'access takes')
  const { complete = false } = query
  if (typeof complete !== 'boolean') throw invalidArgument('complete must be a boolean')
  const { pieces, flags } = question(query)
  return { pieces, flags: flags | (complete ? COMPLETE : 0) }
}

/** A resource, or bucket and object. */
function placeOf(resource) {
  if (typeof resource === 'string') return [resource]
  const { bucket, object: key = '' } = object('a resource', resource)
  return [text('bucket', bucket), text('object', key)]
}

/** Refuses what has no meaning where it is given: a limit that is overlooked would be none. */
function without(query, names, taker) {
  object('the question', query)
  for (const name of names) {
    if (query[name] !== undefined) throw invalidArgument(`${taker} no ${name}`)
  }
}

/** Adds who asks, behind the account, and returns the flags of that. */
function addAsker(pieces, query) {
  const { isOwner = false, denyOnly = false, principal } = query
  if (typeof isOwner !== 'boolean' || typeof denyOnly !== 'boolean') {
    throw invalidArgument('isOwner and denyOnly must be booleans')
  }
  const flags = (isOwner ? OWNER : 0) | (denyOnly ? DENY_ONLY : 0)
  // What the resource adds matters to layers alone, and they need a principal.
  return principal === undefined ? flags : flags | addPrincipal(pieces, principal) | addResource(pieces, query)
}

function addPrincipal(pieces, principal) {
  const { type } = object('principal', principal)
  const names = typeof type === 'string' && Object.hasOwn(PRINCIPALS, type) ? PRINCIPALS[type] : undefined
  if (names === undefined) {
    throw invalidArgument(`the type of a principal is one of ${Object.keys(PRINCIPALS).join(', ')}`)
  }
  const given = options(principal, Object.fromEntries(['type', ...names].map((name) => [name, 'string'])), 'principal.')
  const [name, behind] = names
  pieces.push(type, name === undefined ? '' : text(`principal.${name}`, given[name]))
  if (given[behind] === undefined) return PRINCIPAL
  pieces.push(given[behind])
  return PRINCIPAL | BEHIND
}

/** Adds whose the resource is, and its access control lists. */
function addResource(pieces, { resourceAccount, acl }) {
  let flags = 0
  if (resourceAccount !== undefined) {
    pieces.push(text('resourceAccount', resourceAccount))
    flags |= RESOURCE_ACCOUNT
  }
  if (acl !== undefined) {
    pieces.push(json('acl', object('acl', acl)))
    flags |= ACL
  }
  return flags
}

/** Adds name and text of each context value. */
function addContext(pieces, context) {
  for (const name of Object.keys(object('context', context))) {
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

/** Adds the number of entries, and has each added. */
function addList(pieces, name, list, add) {
  if (!Array.isArray(list)) throw invalidArgument(`${name} must be a list`)
  const entries = Array.from(list)
  pieces.push(String(entries.length))
  entries.forEach(add)
}

module.exports = { PRINCIPAL, addContext, packable, placeOf, question, without }
