// For browsers, bundlers and workers: the module is fetched by `await init()`.
import start, * as module from './module/s3iam.js'
import { use } from './engine.js'
import { internal } from './errors.js'

export * from './api.js'

let ready = null

/** Loads the module, once; later calls wait for the same loading. A loading that failed can be tried again. */
export default function init(source) {
  ready ??= load(source).catch((cause) => {
    ready = null
    throw internal(`The module could not be loaded: ${cause.message}`, cause)
  })
  return ready
}

async function load(source) {
  use(module, await start(source === undefined ? undefined : { module_or_path: source }))
}

/** Loads the module from its bytes, or as already compiled, without waiting. */
export function initSync(source) {
  use(module, module.initSync({ module: source }))
  ready = Promise.resolve()
}
