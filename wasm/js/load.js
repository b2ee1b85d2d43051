// Loading where the user says when and from where.

import { use } from './engine.js'
import { failure } from './errors.js'

/** What loads the module whose glue that is. */
export function loader(glue) {
  let ready = null

  async function load(source) {
    use(glue, await glue.default(source === undefined ? undefined : { module_or_path: source }))
  }

  return {
    /** Loads the module, once; later calls wait for the same loading. A loading that failed can be tried again. */
    init(source) {
      ready ??= load(source).catch((cause) => {
        ready = null
        throw failure('internal', `The module could not be loaded: ${cause.message}`, cause)
      })
      return ready
    },

    /** Loads the module from its bytes, or as already compiled, without waiting. */
    initSync(source) {
      use(glue, glue.initSync({ module: source }))
      ready = Promise.resolve()
    },
  }
}
