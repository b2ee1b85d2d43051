// What a signed request says, read as the standard describes it and independently of what is tested.
//
// A change on the wire that leaves this as it is changes nothing: `%c3` for `%C3`, another case of a header's name, one
// more space between two. Every other change must be refused.

const decode = (text) => text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
const BROKEN = /%(?![0-9A-Fa-f]{2})/

/** A text that is equal for requests that say the same, or null if one cannot be read. */
export function meaning({ method, url, headers, body }) {
  if (BROKEN.test(url)) return null
  const [path, query] = split(url, '?')
  const parameters = query
    .split('&')
    .filter(Boolean)
    .map((piece) => JSON.stringify(split(piece, '=').map((text) => decode(text.replaceAll('+', ' ')))))
    .sort()
  const signed = signedNames({ url, headers })
  const said = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (!signed.includes(lower) && !lower.startsWith('x-amz-')) continue
    const folded = value.replace(/[ \t\n\v\f\r]+/g, ' ').trim()
    // Spaces between the components of the signature itself mean nothing.
    said[lower] = [...(said[lower] ?? []), lower === 'authorization' ? folded.replace(/ ?, ?/g, ',') : folded]
  }
  const sorted = Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([method, decode(path || '/'), parameters, sorted, body ?? null])
}

/** The names of the headers that are signed, and of the one that signs. */
export function signedNames({ url, headers }) {
  const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')
  const list = authorization
    ? /SignedHeaders=([^,]*)/.exec(authorization[1])
    : /X-Amz-SignedHeaders=([^&]*)/.exec(url)
  return [...decode(list?.[1] ?? '').split(';'), 'authorization']
}

/** What stands before and behind the first mark. */
export function split(text, mark) {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
