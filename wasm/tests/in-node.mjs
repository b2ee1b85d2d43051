// Programs in a Node of their own: there, nothing is loaded yet.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a program and returns what it prints. */
export function inNode(program) {
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' }).trim()
}
