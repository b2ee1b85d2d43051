// Layers: the policies that bear on a request in the AWS dialect, by where they are attached.

import { Asked } from './asked.js'
import { attached, toLayers } from './attached.js'
import { call, needsComplete } from './engine.js'
import { listOf } from './policy.js'

/** The policies of an organisation and an account, decided together as AWS does. */
export class Layers extends Asked {
  constructor(policies) {
    needsComplete('layers')
    const { publicAccessBlock, scp, rcp, ...layers } = attached(policies)
    const compile = (raw) => {
      const all = new raw.LayerList()
      const add = (layer, members) => all.add(layer, listOf(raw, members))
      for (const [layer, given = []] of Object.entries(layers)) add(layer, [given].flat())
      for (const level of scp) add('scp', level)
      for (const level of rcp) add('rcp', level)
      for (const [setting, isOn] of Object.entries(publicAccessBlock)) if (isOn) all.block(setting)
      return all.compile()
    }
    super(call(compile), toLayers)
  }
}
