'use strict'
// What an operator asks of a single request.

const { document, options } = require('./arguments.cjs')
const { frozen } = require('./asked.cjs')
const { complete } = require('./engine.cjs')
const { sendRequest } = require('./request.cjs')

const CLIENT = { canonicalRequest: 'any', stringToSign: 'any' }

/** Why a signature is refused: `native` is the verifier or the directory that refused it. */
function diagnose(native, request, client, facts) {
  complete('diagnoses')
  const { canonicalRequest, stringToSign } = options(client, CLIENT)
  const canonical = canonicalRequest === undefined ? undefined : document('canonicalRequest', canonicalRequest)
  const string = stringToSign === undefined ? undefined : document('stringToSign', stringToSign)
  return frozen(JSON.parse(sendRequest((...packed) => native.diagnose(canonical, string, ...packed), request, facts)))
}

/** The name of the authentication that a request claims to have. Nothing of it is verified. */
function classify(request) {
  const native = complete('classifying requests')
  return sendRequest((...packed) => native.classify(...packed), request)
}

module.exports = { classify, diagnose }
