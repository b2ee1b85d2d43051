// However the package is loaded, it is one and the same.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import * as esm from 's3iam'

const require = createRequire(import.meta.url)

test('ESM and CommonJS share every export', () => {
  const commonjs = require('s3iam')
  assert.deepEqual(Object.keys(esm).filter((name) => name !== 'default').sort(), Object.keys(commonjs).sort())
  for (const name of Object.keys(commonjs)) assert.equal(esm[name], commonjs[name], name)
})

test('every thread has its own, and many work at once', async () => {
  const run = () =>
    new Promise((resolve, reject) => {
      new Worker(new URL('./worker.cjs', import.meta.url)).once('message', resolve).once('error', reject)
    })
  // Threads that end while others go on: the addon stays loaded.
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(await Promise.all([run(), run(), run(), run()]), [2000, 2000, 2000, 2000])
  }
})

test('without an addon the error says what was tried', () => {
  const folder = mkdtempSync(join(tmpdir(), 's3iam-load-'))
  try {
    cpSync(new URL('../lib', import.meta.url), join(folder, 'lib'), { recursive: true })
    const script = `try { require('./lib/index.cjs') } catch (error) { console.log(error.code, error.message) }`
    const output = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })
    assert.match(output, /^ERR_S3IAM_NO_ADDON s3iam has no native addon for /)
    assert.match(output, /\.\.\/s3iam\.\S+\.node: /)
    assert.match(output, /s3iam-\S+: Cannot find module/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('objects are freed when nobody holds them', () => {
  const script = `
    const { Policy, Iam } = require('s3iam')
    const round = () => {
      for (let i = 0; i < 2000; i++) {
        Policy.builtIn('consoleAdmin').decide({ action: 's3:GetObject', bucket: 'b' })
        Iam.load('{"version": 1}').authorize({ method: 'GET', url: '/', headers: {} }).allowed
      }
    }
    const settle = async () => { for (let i = 0; i < 5; i++) { gc(); await new Promise(setImmediate) } return process.memoryUsage().rss }
    ;(async () => {
      for (let i = 0; i < 3; i++) { round(); await settle() }
      const before = await settle()
      for (let i = 0; i < 6; i++) { round(); await settle() }
      console.log((await settle()) - before)
    })()`
  const grown = Number(execFileSync(process.execPath, ['--expose-gc', '-e', script], { cwd: import.meta.dirname, encoding: 'utf8' }))
  assert.ok(grown < 16 * 1024 * 1024, `${grown} bytes more after 24,000 objects`)
})
