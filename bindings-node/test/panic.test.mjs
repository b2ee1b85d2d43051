// A panic in native code is an error in JavaScript, and the process lives on. The addon that is
// shipped has nothing that panics, so this builds one that does.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { buildAddon } from '../build.mjs'

const require = createRequire(import.meta.url)
const { fromNative } = require('../lib/errors.cjs')
const folder = mkdtempSync(join(tmpdir(), 's3iam-panic-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('no panic leaves the addon', () => {
  const file = join(folder, 'probe.node')
  copyFileSync(buildAddon(['--features', 'panic-probe']), file)
  // In a process of its own: were the panic not caught, it would end there.
  const script = `
    const native = require(${JSON.stringify(file)})
    for (const call of [native.panicProbe, native.panicProbeClosure()]) {
      try { call() } catch (error) { console.log(error.code, error.message) }
    }`
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  assert.equal(output.trim().split('\n').length, 2)
  assert.match(output, /probe.*\n.*probe/)
})

test('what native code throws without a code is an internal error', () => {
  const thrown = Object.assign(new Error('probe'), { code: 'GenericFailure' })
  const error = fromNative(thrown)
  assert.deepEqual([error.code, error.s3Code, error.httpStatus], ['internal', 'InternalError', 500])
  assert.equal(error.cause, thrown)
  assert.doesNotMatch(error.message, /probe/)
})
