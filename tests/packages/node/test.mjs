// Packs the npm package, installs it into a throw-away project and uses it there from ESM, CommonJS
// and TypeScript, as a user would.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const source = fileURLToPath(new URL('../../../bindings-node', import.meta.url))
const tsc = join(source, 'node_modules', 'typescript', 'bin', 'tsc')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const project = mkdtempSync(join(tmpdir(), 's3iam-package-'))

function run(name, program, ...choices) {
  execFileSync(program, choices, { cwd: project, stdio: ['ignore', 'inherit', 'inherit'] })
  console.log(`${name}: as expected`)
}

try {
  const packed = execFileSync(npm, ['pack', source, '--json', '--loglevel=error'], { cwd: project, encoding: 'utf8' })
  const [{ filename, files, size }] = JSON.parse(packed)
  console.log(`${filename}: ${files.length} files, ${size} bytes`)
  const stray = files.map((file) => file.path).filter((path) => !/^(lib\/|package\.json$|README\.md$|LICENSE$|s3iam\..*\.node$)/.test(path))
  if (stray.length > 0) throw new Error(`the package has files that nobody needs: ${stray.join(', ')}`)

  writeFileSync(join(project, 'package.json'), '{"private": true}')
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  execFileSync(npm, ['install', ...quiet, `./${filename}`], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
  cpSync(here, project, { recursive: true, filter: (path) => !path.endsWith('test.mjs') })

  run('ESM', process.execPath, 'esm.mjs')
  run('CommonJS', process.execPath, 'commonjs.cjs')
  const strict = ['--strict', '--target', 'es2022', '--lib', 'es2022', '--types', '', '--outDir', 'out']
  run('TypeScript', process.execPath, tsc, ...strict, '--module', 'nodenext', 'typescript.mts')
  run('TypeScript, compiled', process.execPath, 'out/typescript.mjs')
  run('TypeScript, bundled', process.execPath, tsc, ...strict, '--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler', 'typescript.mts')
} finally {
  rmSync(project, { recursive: true, force: true })
}
