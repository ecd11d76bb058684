import { Flags } from '@oclif/core'
import { bufferChoices } from '../shard/planUnit.js'

/** Flags of RaggedShard layouts. */
export const shardFlags = {
  devices: Flags.integer({
    description: 'Ranks that share the parameters.',
    min: 1,
    max: 2 ** 24,
    helpGroup: 'FSDP',
  }),
  granularity: Flags.string({
    description: 'Where parameters may be cut: rows:N, dim0, matrix, element; for some by name: *.experts.*=rows:128.',
    helpValue: '[NAME=]BLOCK,...',
    multiple: true,
    delimiter: ',',
    helpGroup: 'FSDP',
  }),
  buffers: Flags.string({
    description: 'Buffers of a unit: one, one for each width, or whichever sends less.',
    options: [...bufferChoices],
    default: 'auto',
    helpGroup: 'FSDP',
  }),
}
