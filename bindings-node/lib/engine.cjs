'use strict'
// Native code as the files have it that this package shares with the WASM package, which is also there in
// a smaller form that lacks `what`. Here nothing is missing.

const { native } = require('./errors.cjs')

/** The native addon. */
function complete(what) {
  return native
}

module.exports = { complete }
