import { Flags } from '@oclif/core'
import { precisions } from '../model/index.js'
import { calibrationFlag } from './modelFlags.js'

/** Flags of a search over the configurations of a training run. */
export const parallelFlags = {
  batch: Flags.integer({
    description: 'Sequences of a step: asks for degrees, stages and schedule of a training run.',
    min: 1,
    helpGroup: 'TRAINING RUN',
  }),
  seq: Flags.integer({ description: "Tokens of a sequence; default the model's.", min: 1, helpGroup: 'TRAINING RUN' }),
  pin: Flags.string({
    description: 'What is not to be chosen: tp=8,pp=4,recompute=full,zeroStage=1,offload=true.',
    helpValue: 'NAME=VALUE,...',
    multiple: true,
    delimiter: ',',
    helpGroup: 'TRAINING RUN',
  }),
  schedules: Flags.string({
    description: 'Pipeline schedules to try where a rank has one stage; several stages are interleaved.',
    helpValue: 'NAME,...',
    multiple: true,
    delimiter: ',',
    helpGroup: 'TRAINING RUN',
  }),
  precision: Flags.string({
    description: 'Of matrix products.',
    options: [...precisions],
    default: 'bf16',
    helpGroup: 'TRAINING RUN',
  }),
  stack: Flags.string({
    description: 'Framework and release: chooses calibration and habits (megatron-core, torchtitan, nanotron, ...).',
    default: 'generic',
    helpGroup: 'TRAINING RUN',
  }),
  top: Flags.integer({
    description: 'How many of the best configurations to tell.',
    min: 1,
    max: 1000,
    default: 4,
    helpGroup: 'TRAINING RUN',
  }),
  calibration: calibrationFlag,
}
