// What verification costs in WebAssembly: `npm run bench`, once the modules are built. The floor is its hashing alone:
// nine blocks of SHA-256, each as long as a block of a body takes that is verified with the request.
import aws4 from 'aws4'
import * as complete from './js/node.js'
import * as gateway from './js/gateway-node.js'

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

function signed(body) {
  const { method, path, headers } = aws4.sign(
    { method: body ? 'PUT' : 'GET', host: 's3.example.com', service: 's3', region: 'us-east-1', path: '/photos/cat.jpg', body },
    { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-forty-characters-or-about-so' },
  )
  const text = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return { method, url: path, headers: Object.fromEntries(text), ...(body ? { body: Buffer.from(body) } : {}) }
}

const BLOCKS = 1024
for (const [name, { Verifier }] of Object.entries({ complete, gateway })) {
  const verifier = new Verifier({ region: 'us-east-1' })
  verifier.addKey({ accessKey: 'AKIDEXAMPLE', secretKey: 'a-secret-of-forty-characters-or-about-so' })
  const [get, small, large] = [signed(), signed('x'.repeat(64)), signed('x'.repeat(64 * (BLOCKS + 1)))]
  const of = (request, calls) => measure(() => verifier.verify(request), calls)
  const [whole, before, after] = [of(get), of(small), of(large, 3)]
  const floor = (9 * (after - before)) / BLOCKS
  console.log(`${name}: verify a GET ${whole.toFixed(0)} ns, ${(whole / floor).toFixed(2)} x its nine blocks of ${(floor / 9).toFixed(0)} ns (goal: 2)`)
}
