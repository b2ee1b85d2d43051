// For Node: the complete module lies beside this file, compiled for speed, and is loaded at once.
import * as glue from './module/node/s3iam.js'
import { load } from './load-node.js'

export * from './api.js'
export { init as default, initSync } from './load-node.js'

load(glue, new URL('./module/node/s3iam_bg.wasm', import.meta.url))
