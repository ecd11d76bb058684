import type { PipelineSchedule } from '../../model/index.js'

/**
 * One step of a rank's program. F is the forward pass of a stage over a microbatch, I the gradient of its input, W that of its weights, B both at
 * once. The letters are those of PyTorch's torch.distributed.pipelining.
 */
export interface Action {
  readonly kind: ActionKind
  readonly stage: number
  readonly microbatch: number
  /** Runs as one with the next action of the list: the forward half of an overlapped pair (OVERLAP_F_B in PyTorch). */
  readonly paired?: true
}

export type ActionKind = 'F' | 'I' | 'W' | 'B'

export type { PipelineSchedule } from '../../model/index.js'

/** Bits of the kind: I and W are the halves of B. */
export const forwardBits = 0
export const inputBit = 1
export const weightBit = 2
export const backwardBits = inputBit | weightBit
export const kindMask = 3
/** Set on the first of two actions that run as one. */
export const pairedBit = 4
/** An action is its unit, stage x microbatches + microbatch, above these bits. */
export const unitShift = 3

const kinds: readonly ActionKind[] = ['F', 'I', 'W', 'B']

export function packAction({ kind, stage, microbatch, paired }: Action, microbatches: number): number {
  return ((stage * microbatches + microbatch) << unitShift) | (paired ? pairedBit : 0) | kinds.indexOf(kind)
}

export function unpackAction(packed: number, microbatches: number): Action {
  const unit = packed >> unitShift
  const microbatch = unit % microbatches
  const action = { kind: kinds[packed & kindMask], stage: (unit - microbatch) / microbatches, microbatch }
  return packed & pairedBit ? { ...action, paired: true } : action
}

/** The programs as objects, for whoever reads more easily than fast. */
export function actionLists({ actions, microbatches }: PipelineSchedule): Action[][] {
  return actions.map((list) => Array.from(list, (packed) => unpackAction(packed, microbatches)))
}

/** PyTorch's way to write an action, such as 2F0. */
export function formatAction({ kind, stage, microbatch }: Action): string {
  return `${stage}${kind}${microbatch}`
}
