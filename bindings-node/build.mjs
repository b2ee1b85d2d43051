// Builds the native addon in release form and puts it beside this file, named for this platform.
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { addonFile } from './lib/native.cjs'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Has cargo build the addon, and returns where the library is. */
export function buildAddon(choices) {
  const report = ['--locked', '--message-format', 'json-render-diagnostics']
  const messages = execFileSync('cargo', ['build', '--package', 's3iam-node', ...report, ...choices], {
    cwd: here,
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
  if (library === undefined) throw new Error('cargo built no library')
  return library
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Renamed into place: a process that has the old file loaded keeps it, unharmed.
  const target = `${here}${addonFile()}`
  copyFileSync(buildAddon(['--release']), `${target}.new`)
  renameSync(`${target}.new`, target)
  console.log(`built ${addonFile()}`)
}
