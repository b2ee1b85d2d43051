// For Node: the module lies beside this file and is loaded at once.
import { readFileSync } from 'node:fs'
import * as module from './module/s3iam.js'
import { use } from './engine.js'

export * from './api.js'

use(module, module.initSync({ module: readFileSync(new URL('./module/s3iam_bg.wasm', import.meta.url)) }))

/** Nothing is left to do in Node; here so that the same code runs in a browser. */
export default async function init() {}

/** The same. */
export function initSync() {}
