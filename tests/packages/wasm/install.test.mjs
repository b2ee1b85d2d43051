// The package as users get it: packed, installed into throw-away projects, and used there in Node,
// by TypeScript, and in pages bundled by Vite and esbuild.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openPage, serve, startChromium } from '../../../wasm/tests/browser.mjs'

const wasm = fileURLToPath(new URL('../../../wasm/', import.meta.url))
const program = (name, folder = wasm) => join(folder, 'node_modules/.bin', name)

const USE = `
const policy = Policy.builtIn('readonly')
const { outcome } = policy.decide({ action: 's3:GetObject', bucket: 'photos', object: 'cat.jpg' })
const { status } = validate('{"Version": "2012-10-17", "Statement": [')
`
const SHOW = 'document.title = outcome + " " + status'
const HTML = '<!doctype html><title>waiting</title><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>'

describe('the packed package', () => {
  let root, project

  before(() => {
    root = mkdtempSync(join(tmpdir(), 's3iam-wasm-'))
    project = join(root, 'project')
    mkdirSync(project)
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', root], wasm))
    write({ 'package.json': JSON.stringify({ name: 'project', private: true, type: 'module' }) })
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-package-lock', join(root, filename)], project)
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  function run(command, args, cwd = project) {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  }

  function write(files) {
    for (const [name, text] of Object.entries(files)) {
      const path = join(project, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }

  /** Loads a bundled page in Chromium and returns its title once it has worked. */
  async function titleOf(folder) {
    const server = await serve(folder)
    const chromium = await startChromium()
    try {
      const { page, troubles } = await openPage(chromium.context, server.origin)
      for (let i = 0; i < 100 && (await page.title()) === 'waiting'; i++) await page.waitForTimeout(100)
      assert.deepEqual(troubles, [])
      return await page.title()
    } finally {
      await chromium.close()
      await server.close()
    }
  }

  test('it has what it needs and nothing else', () => {
    const installed = join(project, 'node_modules/s3iam-wasm')
    assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'js', 'package.json'])
    assert.deepEqual(readdirSync(join(installed, 'js/module')).sort(), ['gateway', 'node', 's3iam.js', 's3iam_bg.wasm'])
    assert.deepEqual(readdirSync(join(installed, 'js/module/gateway')).sort(), ['s3iam.js', 's3iam_bg.wasm'])
    const { dependencies, scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    assert.equal(dependencies, undefined)
    assert.equal(Object.keys(scripts).some((name) => name.includes('install')), false)
  })

  for (const entry of ['s3iam-wasm', 's3iam-wasm/gateway']) {
    test(`Node imports ${entry}`, () => {
      write({ 'node.js': `import { Policy, validate } from '${entry}'\n${USE}\nconsole.log(outcome, status)` })
      assert.equal(run(process.execPath, ['node.js']), 'allow unreadable')
    })
  }

  test('the gateway’s entry loads the gateway’s module', () => {
    write({
      'account.js': `import { Account } from 's3iam-wasm/gateway'
        try { new Account({ credential: 'root' }) } catch (error) { console.log(error.code) }`,
    })
    assert.equal(run(process.execPath, ['account.js']), 'unsupported')
  })

  test('the files of the modules have names', () => {
    const names = ['s3iam-wasm/s3iam.wasm', 's3iam-wasm/gateway.wasm']
    write({
      'files.js': `import { readFileSync } from 'node:fs'
        const sizes = ${JSON.stringify(names)}.map((name) => readFileSync(new URL(import.meta.resolve(name))).length)
        console.log(sizes[0] > sizes[1], sizes[1] > 0)`,
    })
    assert.equal(run(process.execPath, ['files.js']), 'true true')
  })

  test('Node requires it', { skip: !process.features.require_module && 'this Node cannot require ESM' }, () => {
    write({ 'node.cjs': `const { Policy, validate } = require('s3iam-wasm')\n${USE}\nconsole.log(outcome, status)` })
    assert.equal(run(process.execPath, ['--disable-warning=ExperimentalWarning', 'node.cjs']), 'allow unreadable')
  })

  for (const resolution of ['bundler', 'nodenext']) {
    test(`TypeScript finds its types by ${resolution} resolution`, () => {
      const module = resolution === 'bundler' ? 'esnext' : 'nodenext'
      write({
        'typed.ts': `import init, { Policy } from 's3iam-wasm'
          import start, { Iam } from 's3iam-wasm/gateway'
          await init()
          await start()
          export const found: boolean = Policy.builtIn('readonly').decide({ action: 's3:GetObject' }).allowed
          export const user: string | null = Iam.load('{}').authorize({ method: 'GET', url: '/' }).user\n`,
        'tsconfig.json': JSON.stringify({
          compilerOptions: { target: 'es2023', lib: ['es2023', 'dom'], module, moduleResolution: resolution, strict: true, noEmit: true, types: [] },
          files: ['typed.ts'],
        }),
      })
      run(program('tsc'), ['--project', 'tsconfig.json'])
    })
  }

  for (const [entry, module] of [['s3iam-wasm', 'js/module/s3iam_bg.wasm'], ['s3iam-wasm/gateway', 'js/module/gateway/s3iam_bg.wasm']]) {
    test(`a page with ${entry} bundled by Vite works, with that module alone`, async () => {
      const folder = join(project, 'vite')
      rmSync(folder, { recursive: true, force: true })
      write({
        'vite/index.html': HTML,
        'vite/main.js': `import init, { Policy, validate } from '${entry}'\nawait init()\n${USE}\n${SHOW}`,
      })
      run(program('vite', join(wasm, 'playground')), ['build', '--logLevel', 'error', '--base', './'], folder)
      const assets = join(folder, 'dist/assets')
      const modules = readdirSync(assets).filter((name) => name.endsWith('.wasm'))
      assert.equal(modules.length, 1)
      assert.deepEqual(readFileSync(join(assets, modules[0])), readFileSync(join(wasm, module)))
      assert.equal(await titleOf(join(folder, 'dist')), 'allow unreadable')
    })
  }

  test('a page bundled by esbuild works, told where the module is', async () => {
    write({
      'esbuild/index.html': HTML,
      'esbuild/source.js': `import init, { Policy, validate } from 's3iam-wasm'\nawait init(new URL('s3iam_bg.wasm', location))\n${USE}\n${SHOW}`,
    })
    const folder = join(project, 'esbuild')
    run(program('esbuild'), ['source.js', '--bundle', '--minify', '--format=esm', '--outfile=main.js', '--log-level=warning'], folder)
    copyFileSync(join(project, 'node_modules/s3iam-wasm/js/module/s3iam_bg.wasm'), join(folder, 's3iam_bg.wasm'))
    assert.equal(await titleOf(folder), 'allow unreadable')
  })
})
