// The examples of the guides run, and print what their comments say.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

const entry = JSON.stringify(new URL('../lib/index.js', import.meta.url).href)

/** The JavaScript examples of a guide, each under its heading. */
function examples(guide) {
  const text = readFileSync(new URL(guide, import.meta.url), 'utf8')
  let heading = ''
  const found = []
  for (const [, title, code] of text.matchAll(/^## (.+)$|^```js\n([^]*?)^```$/gm)) {
    if (title !== undefined) heading = title
    else found.push({ heading, code })
  }
  return found
}

/** Runs an example and returns the lines that it prints. */
async function run(code) {
  const printed = []
  const { log } = console
  console.log = (...values) => printed.push(values.map(String).join(' '))
  try {
    await import(`data:text/javascript,${encodeURIComponent(code.replaceAll("'s3iam'", entry))}`)
  } finally {
    console.log = log
  }
  return printed
}

describe('the guide of this package', () => {
  const all = examples('../README.md')
  for (const { heading, code } of all) {
    test(heading, async () => {
      const expected = Array.from(code.matchAll(/console\.log\(.+\) \/\/ (.+)$/gm), (match) => match[1])
      assert.ok(expected.length > 0, 'the example shows nothing')
      assert.deepEqual(await run(code), expected)
    })
  }

  test('has examples', () => assert.ok(all.length >= 5))
})

test('the example of the repository’s guide runs', async () => {
  const [example] = examples('../../README.md').filter(({ heading }) => heading === 'Node')
  assert.match(example.code, /iam\.authorize/)
  await run(example.code)
})
