'use strict'
// Decides, authorizes, signs and reads in a thread of its own, and posts how often the answer was right.
const { parentPort } = require('node:worker_threads')
const { Iam, Policy, Signer, Verifier } = require('s3iam')

const policy = Policy.builtIn('readonly')
const iam = Iam.load('{"version": 1}')
const key = { accessKey: 'alice', secretKey: 'alice-secret-key' }
const signer = new Signer(key)
const verifier = new Verifier().addKey(key)
let right = 0
for (let i = 0; i < 2000; i++) {
  const reads = i % 2 === 0
  const { allowed } = policy.decide({ action: reads ? 's3:GetObject' : 's3:PutObject', bucket: 'b', object: `k${i}` })
  const verdict = iam.authorize({ method: 'GET', url: `/b/${i}`, headers: { host: 'h' } })
  if (allowed === reads && verdict.errorXml.includes(`/b/${i}<`) && arrives(`object ${i}`)) right++
}

/** Whether a body goes into chunks and comes out of them. */
function arrives(text) {
  const data = Buffer.from(text)
  const headers = { host: 'h', 'x-amz-decoded-content-length': String(data.length) }
  const request = { method: 'PUT', url: '/b/k', headers }
  const { headers: added, chunks } = signer.signChunks(request, 'signed')
  const body = Buffer.concat([chunks.encode(data), chunks.finish()])
  const reader = verifier.verify({ ...request, headers: { ...headers, ...Object.fromEntries(added) } }).bodyReader()
  return String(reader.push(body)) === text && reader.finish().decodedLength === data.length
}

parentPort.postMessage(right)
