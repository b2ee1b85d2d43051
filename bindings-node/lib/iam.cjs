'use strict'
// The whole path: a raw request in, a verdict out.

const { document, options, VERIFIER_OPTIONS } = require('./arguments.cjs')
const { diagnose } = require('./diagnosis.cjs')
const { guarded, invalidArgument, native } = require('./errors.cjs')
const { firstBuffer, sendRequest, sendToHolder } = require('./request.cjs')
const { packForm } = require('./upload.cjs')
const { Verdict, postVerdict } = require('./verdict.cjs')

/** Held by this module alone, so that nothing else makes an `Iam`. */
const KEY = Symbol('iam')

/** A directory of identities, ready to authorize requests. */
class Iam {
  #native
  #authorize
  #errorProfile

  /** Made by `Iam.load` alone. */
  constructor(key, directory, errorProfile) {
    if (key !== KEY) throw invalidArgument('an Iam is made by Iam.load')
    this.#native = directory
    this.#authorize = directory.authorizer(firstBuffer)
    this.#errorProfile = errorProfile
  }

  /** Reads a directory of users, groups, access keys and policies. */
  static load(source, choices) {
    const given = options(choices, VERIFIER_OPTIONS)
    const bytes = document('the directory', source)
    return guarded(() => new Iam(KEY, native.Iam.load(bytes, given), given.errorProfile))
  }

  /** Replaces the directory at once and whole. On an error the old one stays. */
  replace(source) {
    const bytes = document('the directory', source)
    guarded(() => this.#native.replace(bytes))
    return this
  }

  /** What was wrong with single records of the directory; whoever depends on one is denied. */
  get problems() {
    return guarded(() => this.#native.problems())
  }

  /** Authorizes a raw request. */
  authorize(request, facts) {
    return new Verdict(sendToHolder(this.#authorize, request, facts), this.#errorProfile)
  }

  /** Authorizes an upload by a browser form. */
  authorizePost(request, form, facts) {
    const packedForm = packForm(form)
    return postVerdict(
      sendRequest((...packed) => this.#native.authorizePost(packedForm, ...packed), request, facts),
      this.#errorProfile,
    )
  }

  /** Says why a request's signature is refused. */
  diagnose(request, client, facts) {
    return diagnose(this.#native, request, client, facts)
  }
}

module.exports = { Iam }
