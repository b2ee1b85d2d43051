// Builds the native addon in release form and puts it beside this file, named for this platform.
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { addonFile } from './lib/native.cjs'

const here = new URL('.', import.meta.url)
const cargo = ['build', '--release', '--package', 's3iam-node', '--message-format', 'json-render-diagnostics']
const messages = execFileSync('cargo', cargo, {
  cwd: fileURLToPath(here),
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
})

const library = messages
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .filter((message) => message.reason === 'compiler-artifact' && message.target.name === 's3iam_node')
  .flatMap((message) => message.filenames)
  .find((name) => /\.(so|dylib|dll)$/.test(name))
if (library === undefined) {
  throw new Error('cargo built no library')
}

// Renamed into place: a process that has the old file loaded keeps it, unharmed.
const target = fileURLToPath(new URL(addonFile(), here))
copyFileSync(library, `${target}.new`)
renameSync(`${target}.new`, target)
console.log(`built ${addonFile()}`)
