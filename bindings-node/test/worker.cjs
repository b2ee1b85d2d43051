'use strict'
// Decides and authorizes in a thread of its own, and posts how often the answer was right.
const { parentPort } = require('node:worker_threads')
const { Iam, Policy } = require('s3iam')

const policy = Policy.builtIn('readonly')
const iam = Iam.load('{"version": 1}')
let right = 0
for (let i = 0; i < 2000; i++) {
  const reads = i % 2 === 0
  const { allowed } = policy.decide({ action: reads ? 's3:GetObject' : 's3:PutObject', bucket: 'b', object: `k${i}` })
  const verdict = iam.authorize({ method: 'GET', url: `/b/${i}`, headers: { host: 'h' } })
  if (allowed === reads && verdict.errorXml.includes(`/b/${i}<`)) right++
}
parentPort.postMessage(right)
