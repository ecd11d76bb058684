import { backward } from './backward.js'
import { forward } from './forward.js'
import { Ledger, type MemoryKind } from './ledger.js'
import { lossForward } from './loss.js'
import { optimizerStateBytes, optimizerTemporaryBytes } from './optimizer.js'
import type { FsdpMemoryRequest } from './request.js'
import { notExactReasons } from './scope.js'
import { startStep } from './step.js'

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
    readonly phase: 'peakForward' | 'peakBackward' | 'peakOptimizer'
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
  const ledger = new Ledger()
  const step = startStep(request, ledger)
  const { parameters } = step
  const parameterBytes = parameters.total.padded * step.bytes.original
  const optimizerBytes = optimizerStateBytes(step)

  ledger.during('start')
  ledger.take('parameters', parameterBytes)
  ledger.take('optimizer', optimizerBytes)
  // Token ids and targets, int64.
  ledger.take('inputs', 16 * step.tokens)
  const start = ledger.level
  ledger.restartPeak()

  let afterForward = start
  let afterLoss = start
  let peakForward = ledger.peak()
  let peakBackward = peakForward
  for (let microbatch = 0; microbatch < simulatedMicrobatches(request); microbatch++) {
    step.microbatch = microbatch
    step.isLast = microbatch === simulatedMicrobatches(request) - 1
    forward(step)
    afterForward = ledger.level
    lossForward(step)
    afterLoss = ledger.level
    peakForward = larger(peakForward, ledger.restartPeak())
    backward(step)
    peakBackward = larger(peakBackward, ledger.restartPeak())
  }
  const afterBackward = ledger.level
  ledger.during('optimizer step')
  const temporary = optimizerTemporaryBytes(step)
  ledger.take('optimizer', temporary)
  ledger.release('optimizer', temporary)
  const peakOptimizer = ledger.restartPeak()

  const named = { peakForward, peakBackward, peakOptimizer } as const
  const phase = (['peakForward', 'peakBackward', 'peakOptimizer'] as const).reduce((most, name) =>
    named[name].bytes > named[most].bytes ? name : most,
  )
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
    persistent: { parameters: parameterBytes, gradients: parameterBytes, optimizer: optimizerBytes },
    peakBytes: named[phase].bytes,
    largest: { phase, step: named[phase].step, bytesByKind: named[phase].bytesByKind },
    exact: reasons.length === 0,
    ...(reasons.length ? { notExactBecause: reasons } : {}),
  }
}

/** From the second to the one before the last, microbatches are alike: gradients are there and nothing else changes. */
function simulatedMicrobatches({ policy }: FsdpMemoryRequest): number {
  return Math.min(policy.accumulation, 3)
}

function larger<T extends { readonly bytes: number }>(a: T, b: T): T {
  return b.bytes > a.bytes ? b : a
}
