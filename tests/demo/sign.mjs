// Signs the demo's aws4 and AWS SDK requests: a plan on standard input, the requests as they would be sent on standard output.
import { readFileSync } from 'node:fs'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'

const plan = JSON.parse(readFileSync(0, 'utf8'))

const credentials = (request) => ({ accessKeyId: request.key, secretAccessKey: request.secret })

const headerList = (headers) => Object.entries(headers).map(([name, value]) => [name, String(value)])

function withAws4(request) {
  const { method, body = '' } = request
  const options = { service: 's3', region: plan.region, host: plan.host, method, path: request.target, body }
  const signed = aws4.sign(options, credentials(request))
  return { method, target: signed.path, headers: headerList(signed.headers), body }
}

async function withSmithy(request) {
  const { method, path, query } = request
  const signer = new SignatureV4({
    service: 's3',
    region: plan.region,
    credentials: credentials(request),
    sha256: Sha256,
    uriEscapePath: false,
  })
  const headers = { host: plan.host }
  const signed = await signer.sign(
    new HttpRequest({ method, protocol: 'https:', hostname: plan.host, path, query, headers }),
  )
  const parameters = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='))
  const target = parameters.length === 0 ? path : `${path}?${parameters.join('&')}`
  return { method, target, headers: headerList(signed.headers) }
}

const signers = { aws4: withAws4, smithy: withSmithy }
const signed = await Promise.all(plan.requests.map((request) => signers[request.client](request)))
process.stdout.write(JSON.stringify(signed))
