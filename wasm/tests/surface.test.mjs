// The package has the surface of the npm package `s3iam`: that package's own tests run on it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../bindings-node/test/', import.meta.url))
const hook = new URL('hooks/as-s3iam.mjs', import.meta.url).href
// Those about the surface; the others are about native code (its loader, its file, its threads) and about streams of Node.
const FILES = [
  'policy.test.mjs',
  'account.test.mjs',
  'asking.test.mjs',
  'layers.test.mjs',
  'bad-input.test.mjs',
  'body.test.mjs',
  'post.test.mjs',
  'signer.test.mjs',
  'diagnosis.test.mjs',
]

for (const file of FILES) {
  test(file, () => {
    const { NODE_TEST_CONTEXT, ...env } = process.env
    const { status, stdout } = spawnSync(process.execPath, ['--import', hook, '--test', '--test-reporter=tap', folder + file], { env, encoding: 'utf8' })
    const failed = stdout.split('\n').filter((line) => line.trimStart().startsWith('not ok'))
    assert.equal(status, 0, failed.length > 0 ? failed.join('\n') : stdout)
    assert.match(stdout, /^# pass [1-9]/m)
  })
}
