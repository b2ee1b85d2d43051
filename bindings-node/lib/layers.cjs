'use strict'
// Layers: the policies that bear on a request in the AWS dialect, by where they are attached.

const { Asked } = require('./asked.cjs')
const { attached, toLayers } = require('./attached.cjs')
const { guarded, native } = require('./errors.cjs')

/** The policies of an organisation and an account, decided together as AWS does. */
class Layers extends Asked {
  constructor(policies) {
    const choices = attached(policies)
    super(
      guarded(() => native.Layers.of(choices)),
      toLayers,
    )
  }
}

module.exports = { Layers }
