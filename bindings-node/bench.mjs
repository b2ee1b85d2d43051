// What a call costs, step by step: `npm run bench`. The least time of many short batches, because
// whatever else runs on the machine only ever adds.
import { createRequire } from 'node:module'
import aws4 from 'aws4'
import { Iam, Policy, Verifier } from 's3iam'

const require = createRequire(import.meta.url)
const native = require('./lib/native.cjs').load()
const { firstBuffer, sendRequest } = require('./lib/request.cjs')

/** Nanoseconds a call, least and median. */
function measure(call) {
  for (let i = 0; i < 50_000; i++) call()
  const times = Array.from({ length: 3000 }, () => {
    const start = process.hrtime.bigint()
    for (let i = 0; i < 100; i++) call()
    return Number(process.hrtime.bigint() - start) / 100
  }).sort((a, b) => a - b)
  return [times[0], times[1500]]
}

function row(name, call) {
  const [least, median] = measure(call)
  console.log(`${name.padEnd(58)} ${least.toFixed(0).padStart(6)} ${median.toFixed(0).padStart(6)}`)
  return least
}

// A signed GET with seven headers. Node's parser makes flat strings; so does this.
const flat = (text) => Buffer.from(text, 'latin1').toString('latin1')
const signed = aws4.sign(
  {
    host: 's3.example.com',
    service: 's3',
    region: 'us-east-1',
    path: '/photos/2026/11/summer%20day.jpg',
    headers: { 'User-Agent': 'bench/1.0', Accept: '*/*', Connection: 'keep-alive' },
  },
  { accessKeyId: 'alice', secretAccessKey: 'alice-and-her-secret' },
)
const request = {
  method: 'GET',
  url: flat(signed.path),
  rawHeaders: Object.entries(signed.headers).flat().map(flat),
  socket: { remoteAddress: '192.0.2.7' },
}
const directory = `{"version": 1, "users": {"alice": {"secret_key": "alice-and-her-secret", "policies": ["readonly"]}}}`
const iam = Iam.load(directory, { region: 'us-east-1' })
if (!iam.authorize(request).allowed) throw new Error(`the request that is measured is refused: ${iam.authorize(request).error}`)

console.log(`${'nanoseconds a call'.padEnd(58)} ${'least'.padStart(6)} ${'median'.padStart(6)}`)
/** Leaves the request in the buffer that native functions hold. */
const pack = () => sendRequest((buffer) => buffer, request)
row(`pack the request (${request.rawHeaders.length / 2} headers)`, pack)
const authorize = native.Iam.load(Buffer.from(directory), { region: 'us-east-1' }).authorizer(firstBuffer)
row('authorize: native function, from buffer to text', () => authorize())
const whole = row('authorize: whole, asked whether it is allowed', () => iam.authorize(request).allowed)
row('authorize: whole, asked for user, operation, bucket and key', () => {
  const { user, operation, bucket, key } = iam.authorize(request)
  return [user, operation, bucket, key]
})
row('authorize: whole, refused, asked for status and body', () => {
  const verdict = iam.authorize({ ...request, method: 'PUT' })
  return verdict.httpStatus + verdict.errorXml
})

const key = { accessKey: 'alice', secretKey: 'alice-and-her-secret' }
const verifier = new Verifier({ region: 'us-east-1' }).addKey(key)
const nativeVerifier = new native.Verifier({ region: 'us-east-1' })
nativeVerifier.addKey({ ...key, enabled: true })
const verify = nativeVerifier.verify(firstBuffer)
pack()
row('verify: native function, from buffer to text', () => verify())
row('verify: whole, asked whether anybody signed', () => verifier.verify(request).anonymous)
row('verify: whole, asked for everything', () => {
  const { accessKey, form, payload, signedAt } = verifier.verify(request)
  return [accessKey, form, payload, signedAt]
})

const policy = Policy.builtIn('readonly')
const query = { action: 's3:GetObject', bucket: 'photos', object: '2026/11/summer day.jpg' }
row('decide: bucket and object', () => policy.decide(query))
row('decide: with two context values', () =>
  policy.decide({ ...query, context: { 'aws:username': 'alice', 'aws:SourceIp': '192.0.2.7' } }),
)
row('Policy.parse, a small one', () => Policy.builtIn('writeonly'))
console.log(`\none core does ${Math.round(1e9 / whole).toLocaleString('en')} authorizations a second`)
