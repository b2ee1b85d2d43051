// Preloaded by `--import`: `s3iam` is this package, so that the npm package's own tests run on it.

import { register } from 'node:module'

register('./resolve.mjs', import.meta.url)
