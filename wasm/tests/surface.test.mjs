// The package has the surface of the npm package `s3iam`: that package's own tests run on it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../bindings-node/test/', import.meta.url))
const hook = new URL('hooks/as-s3iam.mjs', import.meta.url).href
// About things that only native code has: its loader, its file, its buffers.
const NATIVE = new Set(['native.test.mjs', 'loading.test.mjs', 'panic.test.mjs'])

const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.test.mjs') && !NATIVE.has(name)) : []

test('there are tests', () => assert.ok(files.length > 0))

for (const file of files) {
  test(file, () => {
    const { NODE_TEST_CONTEXT, ...env } = process.env
    const { status, stdout } = spawnSync(process.execPath, ['--import', hook, '--test', '--test-reporter=tap', folder + file], { env, encoding: 'utf8' })
    const failed = stdout.split('\n').filter((line) => line.trimStart().startsWith('not ok'))
    assert.equal(status, 0, failed.length > 0 ? failed.join('\n') : stdout)
    assert.match(stdout, /^# pass [1-9]/m)
  })
}
