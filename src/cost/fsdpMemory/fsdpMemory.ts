import { backward } from './backward.js'
import { forward } from './forward.js'
import { Ledger, type MemoryKind, type Peak } from './ledger.js'
import { lossForward } from './loss.js'
import { optimizerStateBytes, optimizerTemporaryBytes } from './optimizer.js'
import type { FsdpMemoryRequest } from './request.js'
import { notExactReasons } from './scope.js'
import { type Step, startStep } from './step.js'

export const memoryPhases = [
  'start',
  'afterForward',
  'peakForward',
  'afterLoss',
  'peakBackward',
  'afterBackward',
  'peakOptimizer',
  'afterStep',
] as const
/** `peak...` is the most since the phase before; the others are what is held at that moment. */
export type MemoryPhase = (typeof memoryPhases)[number]

export interface FsdpMemory {
  /** Bytes of the whole rank at each phase of one step, optimizer state in place (the second step and later). */
  readonly phases: Readonly<Record<MemoryPhase, number>>
  readonly persistent: { readonly parameters: number; readonly gradients: number; readonly optimizer: number }
  readonly peakBytes: number
  readonly largest: {
    readonly phase: (typeof peakPhases)[number]
    /** What was running at the peak. */
    readonly step: string
    readonly bytesByKind: Readonly<Partial<Record<MemoryKind, number>>>
  }
  /** Equal to PyTorch's tracker to the byte. */
  readonly exact: boolean
  /** Why not: every reason. */
  readonly notExactBecause?: readonly string[]
}

/**
 * Memory of one rank under FSDP2, as `torch.distributed._tools.fsdp2_mem_tracker` of PyTorch 2.13 counts it: no allocator rounding, no NCCL buffers,
 * no context. The account is a list of named steps, each an exact sequence of allocations and releases; equal blocks are one step to a power, so
 * the cost does not grow with the number of layers.
 */
export function fsdpMemory(request: FsdpMemoryRequest): FsdpMemory {
  const step = startStep(request, new Ledger())
  const parameters = step.parameters.total.padded * step.bytes.original
  const persistent = { parameters, gradients: parameters, optimizer: optimizerStateBytes(step) }
  const start = holdStart(step, persistent)
  const { afterForward, afterLoss, peakForward, peakBackward } = playMicrobatches(step)
  const afterBackward = step.ledger.level
  const peakOptimizer = playOptimizer(step)

  const peaks = { peakForward, peakBackward, peakOptimizer }
  const phase = peakPhases.reduce((most, name) => (peaks[name].bytes > peaks[most].bytes ? name : most))
  const { bytes: peakBytes, step: name, bytesByKind } = peaks[phase]
  const reasons = notExactReasons(request)
  return {
    phases: {
      start,
      afterForward,
      peakForward: peakForward.bytes,
      afterLoss,
      peakBackward: peakBackward.bytes,
      afterBackward,
      peakOptimizer: peakOptimizer.bytes,
      afterStep: afterBackward,
    },
    persistent,
    peakBytes,
    largest: { phase, step: name, bytesByKind },
    exact: reasons.length === 0,
    ...(reasons.length ? { notExactBecause: reasons } : {}),
  }
}

const peakPhases = ['peakForward', 'peakBackward', 'peakOptimizer'] as const

/** Shards, optimizer state, token ids and targets (int64). */
function holdStart({ ledger, tokens }: Step, { parameters, optimizer }: FsdpMemory['persistent']): number {
  ledger.during('start')
  ledger.take('parameters', parameters)
  ledger.take('optimizer', optimizer)
  ledger.take('inputs', 16 * tokens)
  ledger.restartPeak()
  return ledger.level
}

/** Levels are the last microbatch's, peaks the largest of any. */
function playMicrobatches(step: Step) {
  const { ledger, request } = step
  const count = simulatedMicrobatches(request)
  let afterForward = 0
  let afterLoss = 0
  let peakForward = ledger.peak()
  let peakBackward = peakForward
  for (step.microbatch = 0; step.microbatch < count; step.microbatch++) {
    step.isLast = step.microbatch === count - 1
    forward(step)
    afterForward = ledger.level
    lossForward(step)
    afterLoss = ledger.level
    peakForward = larger(peakForward, ledger.restartPeak())
    backward(step)
    peakBackward = larger(peakBackward, ledger.restartPeak())
  }
  return { afterForward, afterLoss, peakForward, peakBackward }
}

function playOptimizer(step: Step): Peak {
  const { ledger } = step
  const temporary = optimizerTemporaryBytes(step)
  ledger.during('optimizer step')
  ledger.take('optimizer', temporary)
  ledger.release('optimizer', temporary)
  return ledger.restartPeak()
}

/** From the second to the one before the last, microbatches are alike: gradients are there and nothing else changes. */
function simulatedMicrobatches({ policy }: FsdpMemoryRequest): number {
  return Math.min(policy.accumulation, 3)
}

function larger(a: Peak, b: Peak): Peak {
  return b.bytes > a.bytes ? b : a
}
