// Loading in Node: by the import itself.

import { readFileSync } from 'node:fs'
import { use } from './engine.js'

/** Loads the module that lies at `address`. */
export function load(glue, address) {
  use(glue, glue.initSync({ module: readFileSync(address) }))
}

/** Nothing is left to do in Node; here so that the same code runs in a browser. */
export async function init() {}

/** The same. */
export function initSync() {}
