// The validator page, built and used in real Chromium under its own security policy.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openPage, serve, startChromium } from './browser.mjs'

const folder = fileURLToPath(new URL('../playground/', import.meta.url))
const output = fileURLToPath(new URL('../../tests/output/', import.meta.url))

describe('the validator page', () => {
  let chromium, server, page, troubles

  before(async () => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    mkdirSync(output, { recursive: true })
    server = await serve(`${folder}dist`)
    chromium = await startChromium()
    ;({ page, troubles } = await openPage(chromium.context, server.origin))
    await page.waitForSelector('html[data-ready]')
  })
  after(async () => {
    await chromium?.close()
    await server?.close()
  })
  beforeEach(() => page.setViewportSize({ width: 1280, height: 900 }))

  /** Deletes the policy and types another. */
  async function write(text) {
    await page.locator('.cm-content').focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press('Delete')
    await page.keyboard.insertText(text)
  }

  const choose = (name) => page.selectOption('#example', { label: name })
  const verdict = () => page.locator('.verdict').textContent()
  const because = () => page.locator('.because').textContent()
  /** The texts under wavy lines. */
  const marks = () => page.locator('.cm-finding').evaluateAll((spans) => spans.map((span) => span.textContent))
  const statementLines = () => page.locator('.cm-statement-line').evaluateAll((lines) => lines.map((line) => line.textContent))
  const listed = () => page.locator('.finding').evaluateAll((buttons) => buttons.map((button) => ({
    code: button.dataset.code,
    severity: button.dataset.severity,
    place: button.querySelector('.place').textContent,
    text: button.textContent,
  })))

  test('a good policy has no errors, and the statement that allows is marked', async () => {
    await choose('Read one bucket')
    assert.equal(await page.locator('#status').getAttribute('data-status'), 'good')
    assert.deepEqual((await listed()).filter(({ severity }) => severity === 'error'), [])
    assert.equal(await verdict(), 'Allowed')
    assert.equal(await because(), 'Statement 1, “ReadPhotos”, in line 10 allows it, and none denies it.')
    const lines = await statementLines()
    assert.equal(lines.length, 6)
    assert.equal(lines[1].trim(), '"Sid": "ReadPhotos",')
    assert.equal(await page.locator('.cm-statement-line.allowing').count(), 6)
  })

  test('another question is answered as it is typed', async () => {
    await choose('Read one bucket')
    await page.fill('#action', 's3:DeleteObject')
    assert.equal(await verdict(), 'Not allowed')
    assert.equal(await because(), 'No statement applies, and what is not allowed is denied.')
    assert.deepEqual(await statementLines(), [])
    await page.fill('#action', '')
    assert.equal(await verdict(), 'No decision')
  })

  test('a Deny is marked as such, and a context value turns it', async () => {
    await choose('Office network only')
    assert.equal(await verdict(), 'Denied')
    assert.equal(await page.locator('#decision').getAttribute('data-outcome'), 'explicit_deny')
    assert.equal((await statementLines())[1].trim(), '"Sid": "NotFromOutside",')
    assert.ok(await page.locator('.cm-statement-line.denying').count() > 0)
    await page.getByLabel('Value', { exact: true }).fill('10.1.2.3')
    assert.equal(await verdict(), 'Allowed')
    await page.getByRole('button', { name: 'Remove this value' }).click()
    assert.notEqual(await verdict(), 'Allowed')
    await page.getByRole('button', { name: 'Add a value' }).click()
    await page.keyboard.type('aws:SourceIp')
    await page.keyboard.press('Tab')
    await page.keyboard.type('10.9.9.9')
    assert.equal(await verdict(), 'Allowed')
  })

  test('variables read the context', async () => {
    await choose('Home folders')
    assert.equal(await verdict(), 'Allowed')
    await page.getByLabel('Value', { exact: true }).fill('eve')
    assert.equal(await verdict(), 'Not allowed')
  })

  test('every finding is underlined at its place, in UTF-16 units', async () => {
    await write('{\n  "Version": "2012-10-17",\n  "Statement": [{"Sid": "a😀", "Effect": "allow", "Action": "s3:Nothing", "Resource": "arn:aws:s3:::b/*"}]\n}')
    const effect = (await listed()).find(({ text }) => text.includes('Effect'))
    assert.equal(effect.severity, 'error')
    const line = '  "Statement": [{"Sid": "a😀", "Effect": "allow"'
    assert.equal(effect.place, `3:${line.indexOf('"allow"') + 1}`)
    const found = await marks()
    assert.ok(found.includes('"allow"'), `underlined are ${found.join(' · ')}`)
    assert.ok(found.some((text) => text.includes('Nothing')), `underlined are ${found.join(' · ')}`)
  })

  test('a finding that is chosen is gone to', async () => {
    await choose('Broken in several places')
    const all = await listed()
    assert.ok(all.length >= 4, `${all.length} findings`)
    const last = all.at(-1)
    await page.locator('.finding').last().click()
    const focused = await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className)
    assert.match(focused, /cm-content/)
    const selected = await page.locator('.cm-activeLine').textContent()
    const lines = (await page.locator('.cm-line').allTextContents())
    assert.equal(selected, lines[Number(last.place.split(':')[0]) - 1])
  })

  test('a document that cannot be read says where and is never allowed', async () => {
    await choose('Read one bucket')
    await write('{"Version": "2012-10-17", "Statement": [')
    assert.equal(await page.locator('#status').getAttribute('data-status'), 'unreadable')
    assert.ok((await listed()).length > 0)
    assert.equal(await verdict(), 'Denied')
    assert.match(await page.locator('.because').textContent(), /^The policy cannot be read/)
    await write('')
    assert.equal(await page.locator('#status').getAttribute('data-status'), 'unreadable')
    assert.equal(await verdict(), 'Denied')
  })

  test('the explanation says which element failed, and leads to its place', async () => {
    await choose('Read one bucket')
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Bilder', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bilder-ä/*' },
        { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      ],
    }
    await write(JSON.stringify(policy, null, 2))
    await page.fill('#resource', 'arn:aws:s3:::a/x')
    const reasons = page.locator('#explanation .reason')
    assert.match(await page.locator('#explanation .sentence').textContent(), /denied: no statement allows it/)
    const texts = await reasons.allTextContents()
    assert.equal(texts.length, 4)
    assert.equal(texts[0], 'Statement 0, “Bilder”, (Allow) does not apply')
    assert.match(texts[1], /^Resource: /)
    assert.match(texts[3], /aws:SecureTransport does not hold/)
    const selected = () => page.evaluate(() => document.querySelector('#editor').shadowRoot.getSelection?.().toString() ?? '')
    await reasons.nth(1).click()
    assert.equal(await selected(), '"arn:aws:s3:::bilder-ä/*"')
    await reasons.nth(0).click()
    assert.match(await selected(), /^\{\s*"Sid": "Bilder"[^]*\}$/)
    await page.fill('#action', '')
    assert.equal(await page.locator('#explanation').isVisible(), false)
  })

  test('the dialect can be switched', async () => {
    await choose('Read one bucket')
    const action = 'ec2:RunInstances'
    await write(JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } }))
    await page.fill('#action', action)
    assert.notEqual(await page.locator('#status').getAttribute('data-status'), 'good')
    await page.selectOption('#dialect', 'aws')
    assert.equal(await page.locator('#status').getAttribute('data-status'), 'good')
    assert.equal(await verdict(), 'Allowed')
    assert.match(await page.locator('#explanation').textContent(), /Statement 0 \(Allow\) applies/)
  })

  test('what is pasted never becomes markup', async () => {
    await write('{"<img src=x onerror=document.title=1>": "<b>"}')
    assert.equal(await page.locator('#findings img, #findings b').count(), 0)
    assert.match(await page.locator('#findings').textContent(), /<img/)
  })

  test('the page has its own strict policy, and every control a name', async () => {
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/)
    assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'/)
    assert.equal(await page.locator('script:not([src])').count(), 0)
    for (const name of ['Dialect', 'Example', 'do this action', 'on this resource']) {
      assert.equal(await page.getByLabel(name).count(), 1, name)
    }
    assert.equal(await page.getByRole('textbox', { name: 'Policy document' }).count(), 1)
    const snapshot = await page.locator('body').ariaSnapshot()
    assert.doesNotMatch(snapshot, /- (button|textbox|combobox)$/m)
  })

  test('it fits a phone', async () => {
    await choose('Office network only')
    await page.setViewportSize({ width: 360, height: 780 })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
    await page.screenshot({ path: `${output}playground-phone.png`, fullPage: true, caret: 'initial' })
  })

  for (const colorScheme of ['light', 'dark']) {
    test(`it follows the ${colorScheme} colour scheme`, async () => {
      await page.emulateMedia({ colorScheme })
      for (const [example, name] of [['Office network only', 'decision'], ['Broken in several places', 'findings']]) {
        await choose(example)
        await page.locator('.verdict').click()
        await page.screenshot({ path: `${output}playground-${colorScheme}-${name}.png`, fullPage: true, caret: 'initial' })
      }
      const [red, green, blue] = await page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor.match(/\d+/g).map(Number))
      assert.equal(red + green + blue > 384, colorScheme === 'light')
    })
  }

  test('nothing went wrong, and nothing left the page', () => assert.deepEqual(troubles, []))
})
