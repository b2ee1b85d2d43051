// Changes of a request by a single byte.
import fc from 'fast-check'
import { meaning, signedNames } from './canonical.mjs'

/** Everything that is signed: what it is, its bytes, and how the request is with others in their place. */
export function parts(request) {
  const { method, url, headers, body } = request
  const mark = url.indexOf('?') < 0 ? url.length : url.indexOf('?')
  const header = (at, pair) => ({ ...request, headers: headers.with(at, pair) })
  const found = [
    ['method', method, (text) => ({ ...request, method: text })],
    ['path', url.slice(0, mark), (text) => ({ ...request, url: text + url.slice(mark) })],
    ['query', url.slice(mark), (text) => ({ ...request, url: url.slice(0, mark) + text })],
  ]
  const signed = signedNames(request)
  headers.forEach(([name, value], at) => {
    if (!signed.includes(name.toLowerCase())) return
    found.push([`name of ${name}`, name, (text) => header(at, [text, value])])
    found.push([`value of ${name}`, value, (text) => header(at, [name, text])])
  })
  if (body !== undefined) found.push(['body', body, (text) => ({ ...request, body: text })])
  return found
}

const change = (text, at, code) => text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
const insert = (text, at, code) => text.slice(0, at) + String.fromCharCode(code) + text.slice(at)
const remove = (text, at) => text.slice(0, at) + text.slice(at + 1)

/** At every position: each bit turned, the byte away, and one more. */
export function* allOf(text) {
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) yield change(text, at, text.charCodeAt(at) ^ (1 << bit))
    yield remove(text, at)
    for (const code of [0, 32, 37, 47, 65, 200]) yield insert(text, at, code)
  }
  yield text + 'A'
}

/** A single one of them. */
export const mutation = fc
  .record({
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    kind: fc.constantFrom('turn', 'change', 'remove', 'insert'),
    bit: fc.nat(7),
    code: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from(' /%&=+;,aA0'))),
  })
  .map((how) => Object.assign((text) => mutated(text, how), { [fc.toStringMethod]: () => JSON.stringify(how) }))

function mutated(text, { place, kind, bit, code }) {
  const at = Math.floor(place * text.length)
  if (kind === 'insert' || text.length === 0) return insert(text, at, code)
  if (kind === 'remove') return remove(text, at)
  return change(text, at, kind === 'turn' ? text.charCodeAt(at) ^ (1 << bit) : code)
}

/** Whether a mutation says something else. */
export const changed = (request, mutated) => meaning(mutated) === null || meaning(mutated) !== meaning(request)
