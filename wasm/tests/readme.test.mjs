// The examples of this package's README, and the browser's in the project's, run and print what their comments say.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const own = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [browser] = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').match(/^## Browser\n[^]*?^## /m)
const examples = Array.from((own + browser).matchAll(/^## (.+)$|^```js\n([^]*?)^```$/gm))
const entry = new URL('../js/node.js', import.meta.url).href

let heading = ''
for (const [, title, code] of examples) {
  if (title !== undefined) {
    heading = title
    continue
  }
  test(heading, async () => {
    const expected = Array.from(code.matchAll(/console\.log\(.+\) \/\/ (.+)$/gm), (match) => match[1])
    assert.ok(expected.length > 0, 'the example shows nothing')
    const printed = await run(code)
    for (const line of expected) assert.ok(printed.includes(line), `expected ${line}, printed ${printed.join('; ')}`)
  })
}

test('the sizes are those of the modules', () => {
  const kept = readFileSync(new URL('../size.txt', import.meta.url), 'utf8')
  const rows = Array.from(own.matchAll(/^\| `s3iam-wasm.+ \| (\d+) kB \|$/gm), ([, size]) => size)
  assert.deepEqual(rows, Array.from(kept.matchAll(/gzipped (\d+) kB$/gm), ([, size]) => size))
  assert.equal(rows.length, 3)
})

test('there are examples', () => {
  assert.ok(examples.filter(([, , code]) => code !== undefined).length >= 4)
})

/** Runs an example and returns the lines that it prints. */
async function run(code) {
  const printed = []
  const { log } = console
  console.log = (...values) => printed.push(values.map(String).join(' '))
  try {
    const source = code.replaceAll("'s3iam-wasm'", JSON.stringify(entry))
    await import(`data:text/javascript,${encodeURIComponent(source)}`)
  } finally {
    console.log = log
  }
  return printed
}
