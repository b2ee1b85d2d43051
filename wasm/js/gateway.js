// The same with the small module, for workers that authorize requests.
import * as glue from './module/gateway/s3iam.js'
import { loader } from './load.js'

export * from './api.js'

const { init, initSync } = loader(glue)
export { init as default, initSync }
