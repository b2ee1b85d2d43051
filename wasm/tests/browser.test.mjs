// The package in real Chromium: loaded by the browser's own modules, under a strict security policy.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import aws4 from 'aws4'
import { openPage, serve, startChromium } from './browser.mjs'

const HTML = '<!doctype html><title>s3iam-wasm</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
const PAGE = `import init, * as s3iam from '/js/index.js'
window.s3iam = s3iam
window.init = init
document.documentElement.dataset.ready = 'true'`
const WORKER = `import init, { Policy } from '/js/index.js'
await init()
const { outcome } = Policy.builtIn('readonly').decide({ action: 's3:GetObject', bucket: 'b', object: 'k' })
postMessage(outcome)`

describe('in Chromium', () => {
  let chromium, server, page, troubles

  before(async () => {
    const folder = fileURLToPath(new URL('..', import.meta.url))
    server = await serve(folder, { '/test.html': HTML, '/page.js': PAGE, '/worker.js': WORKER })
    chromium = await startChromium()
    ;({ page, troubles } = await openPage(chromium.context, server.origin, '/test.html'))
    await page.waitForSelector('html[data-ready]', { state: 'attached' })
  })
  after(async () => {
    await chromium?.close()
    await server?.close()
  })

  test('a call before init says what is missing', async () => {
    assert.equal(await page.evaluate(() => {
      try {
        window.s3iam.version()
      } catch (error) {
        return error.message
      }
    }), 's3iam-wasm is not loaded yet: await init() first')
  })

  test('init can be called at once from several places', async () => {
    const version = await page.evaluate(async () => {
      await Promise.all([window.init(), window.init()])
      return window.s3iam.version()
    })
    assert.match(version, /^\d+\.\d+\.\d+/)
  })

  test('findings have the places that JavaScript counts', async () => {
    const text = '{\n  "Version": "2012-10-17",\n  "Statement": [{"Sid": "ü😀", "Effect": "allow", "Action": "s3:*", "Resource": "*"}]\n}'
    const { status, findings } = await page.evaluate((text) => window.s3iam.validate(text), text)
    assert.equal(status, 'invalid')
    const effect = findings.find(({ pointer }) => pointer === '/Statement/0/Effect')
    const { start, end } = effect.span
    const line = text.split('\n')[start.line - 1]
    assert.equal(line.slice(start.columnUtf16 - 1, end.columnUtf16 - 1), '"allow"')
    assert.equal(new TextDecoder().decode(new TextEncoder().encode(text).slice(start.offset, end.offset)), '"allow"')
  })

  test('a policy decides', async () => {
    const decision = await page.evaluate(() =>
      window.s3iam.Policy.builtIn('readonly').decide({ action: 's3:GetObject', resource: 'arn:aws:s3:::photos/cat.jpg' }))
    assert.equal(decision.outcome, 'allow')
    assert.equal(decision.statement.index, 0)
  })

  test('a signed request is authorized, with the browser’s own Headers, and a changed one is not', async () => {
    const credentials = { accessKeyId: 'alice', secretAccessKey: 'alice-and-her-secret' }
    const { headers } = aws4.sign({ service: 's3', region: 'us-east-1', host: 's3.example.com', path: '/photos/cat.jpg' }, credentials)
    const verdicts = await page.evaluate((headers) => {
      const iam = window.s3iam.Iam.load(JSON.stringify({
        version: 1,
        users: { alice: { secret_key: 'alice-and-her-secret', policies: ['readonly'] } },
      }))
      return ['/photos/cat.jpg', '/photos/dog.jpg'].map((url) => iam.authorize({ method: 'GET', url, headers: new Headers(headers) }).toJSON())
    }, headers)
    assert.deepEqual(verdicts.map(({ allowed, user, operation }) => [allowed, user, operation])[0], [true, 'alice', 'GetObject'])
    assert.equal(verdicts[1].allowed, false)
    assert.equal(verdicts[1].error.code, 'signature-does-not-match')
  })

  test('a worker loads it too', async () => {
    const outcome = await page.evaluate(() => new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module' })
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = (event) => reject(new Error(event.message ?? 'the worker failed'))
    }))
    assert.equal(outcome, 'allow')
  })

  test('nothing went wrong on the way, and nothing went elsewhere', () => {
    assert.deepEqual(troubles, [])
  })
})
