// The same with the small module, for servers that authorize requests.
import * as glue from './module/gateway/s3iam.js'
import { load } from './load-node.js'

export * from './api.js'
export { init as default, initSync } from './load-node.js'

load(glue, new URL('./module/gateway/s3iam_bg.wasm', import.meta.url))
