// For browsers, bundlers and workers: the complete module is fetched by `await init()`.
import * as glue from './module/s3iam.js'
import { loader } from './load.js'

export * from './api.js'

const { init, initSync } = loader(glue)
export { init as default, initSync }
