import { Flags } from '@oclif/core'
import { fail } from '../errors/index.js'
import { optimizerNames, type TrainingOptions } from '../graph/index.js'

/** Flags of every command that reads a model as one training step. */
export const trainingFlags = {
  mode: Flags.string({
    description: 'What a step is: one forward pass, or training (forward, backward, optimizer); default inference.',
    options: ['inference', 'training'],
  }),
  optimizer: Flags.string({
    description: 'Optimizer of a training step; default adam.',
    options: [...optimizerNames],
  }),
  recompute: Flags.string({
    description: 'Modules to compute again in the backward pass of a training step: full (each layer), or patterns.',
    helpValue: 'full|MODULE,...',
    multiple: true,
    delimiter: ',',
  }),
}

export interface TrainingFlags {
  readonly mode?: string
  readonly optimizer?: string
  readonly recompute?: readonly string[]
}

/** What the flags say of training; undefined for a forward pass. Throws E100 for flags of training without it. */
export function parseTraining({ mode, optimizer, recompute }: TrainingFlags): Required<TrainingOptions> | undefined {
  if (mode === 'training') {
    const [first] = recompute ?? ['none']
    return {
      optimizer: (optimizer ?? 'adam') as Required<TrainingOptions>['optimizer'],
      recompute: recompute?.length === 1 && (first === 'full' || first === 'none') ? first : (recompute ?? 'none'),
    }
  }
  const stray = optimizer !== undefined ? 'optimizer' : recompute !== undefined ? 'recompute' : undefined
  if (stray)
    fail('E100', `--${stray} means nothing for a forward pass`, { where: `--${stray}`, fix: 'add --mode training' })
  return undefined
}

/** How a plan's recorded options say it; the flags win where they say anything. */
export function recordedTraining(options: Readonly<Record<string, unknown>>, flags: TrainingFlags): TrainingFlags {
  if (flags.mode !== undefined) return flags
  const { mode, optimizer, recompute } = options as { mode?: string; optimizer?: string; recompute?: string | string[] }
  return {
    mode,
    optimizer,
    ...flags,
    recompute: flags.recompute ?? (typeof recompute === 'string' ? [recompute] : recompute),
  }
}
