// What verification costs in WebAssembly: `npm run bench`, once the modules are built. The floor is its hashing alone,
// at what a block of SHA-256 takes of a long body that is verified with its request.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import aws4 from 'aws4'

/** Of two modules in one program one answers for both, so each is measured in a program of its own. */
const ENTRIES = {
  'what Node loads': () => import('./js/node.js'),
  'what pages load': async () => {
    const api = await import('./js/index.js')
    api.initSync(readFileSync(new URL('./js/module/s3iam_bg.wasm', import.meta.url)))
    return api
  },
  'the gateway’s': () => import('./js/gateway-node.js'),
}
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-forty-characters-or-about-so' }
const BLOCK = 64
const BLOCKS = 1024

const [, , entry] = process.argv
if (entry === undefined) {
  for (const name of Object.keys(ENTRIES)) execFileSync(process.execPath, [import.meta.filename, name], { stdio: 'inherit' })
} else {
  const { Verifier } = await ENTRIES[entry]()
  const verifier = new Verifier({ region: 'us-east-1' })
  verifier.addKey({ accessKey: KEYS.accessKeyId, secretKey: KEYS.secretAccessKey })
  const of = (request, calls) => measure(() => verifier.verify(request), calls)
  const [small, large] = [1, BLOCKS + 1].map((blocks) => of(signed('PUT', '/photos/cat.jpg', {}, 'x'.repeat(BLOCK * blocks)), 3))
  const block = (large - small) / BLOCKS
  const typical = { Range: 'bytes=0-1048575', 'Content-Type': 'application/octet-stream' }
  const version = '?partNumber=2&versionId=3sL4kqtJlcpXroDTDmJ-rmSpXd3dIbrHY-MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo'
  for (const [name, request] of [
    ['three signed headers', signed('GET', '/photos/cat.jpg', {})],
    ['five signed headers, two parameters', signed('GET', `/bucket/photos/2026/01/a%20cat.jpg${version}`, typical)],
  ]) {
    const [whole, blocks] = [of(request), blocksOf(request)]
    console.log(
      `${entry}, ${name}: ${whole.toFixed(0)} ns, ${(whole / blocks / block).toFixed(2)} x its ${blocks} blocks of ${block.toFixed(0)} ns`,
    )
  }
}

/** Nanoseconds a call: the least of many short batches. */
function measure(call, calls = 200) {
  for (let i = 0; i < 10 * calls; i++) call()
  let least = Infinity
  for (let batch = 0; batch < (calls > 3 ? 400 : 100); batch++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < calls; i++) call()
    least = Math.min(least, Number(process.hrtime.bigint() - start) / calls)
  }
  return least
}

/** A signed request as Node's server hands it over, in flat strings. */
function signed(method, path, given, body) {
  const { headers } = aws4.sign({ method, host: 's3.example.com', service: 's3', region: 'us-east-1', path, headers: given, body }, KEYS)
  const flat = (text) => Buffer.from(String(text), 'latin1').toString('latin1')
  const rawHeaders = Object.entries(headers).flat().map(flat)
  return { method, url: flat(path), rawHeaders, body: body && Buffer.from(body) }
}

/** How many blocks are hashed for it: of the canonical request, and of the string to sign with the outer hash of its HMAC. */
function blocksOf({ method, url, rawHeaders }) {
  const [path, query = ''] = url.split('?')
  const value = (name) => rawHeaders[rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name) + 1]
  const [, scope, list] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(value('authorization'))
  const lines = list.split(';').map((name) => `${name}:${value(name)}\n`)
  const canonical = [method, path, query, lines.join(''), list, value('x-amz-content-sha256')].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', value('x-amz-date'), scope, '0'.repeat(BLOCK)].join('\n')
  // A bit and the length of eight bytes follow a text.
  const hashed = (text) => Math.ceil((text.length + 9) / BLOCK)
  return hashed(canonical) + hashed(toSign) + 1
}
