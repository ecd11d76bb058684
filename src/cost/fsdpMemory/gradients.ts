import { reshard } from './collectives.js'
import type { Parameter, ParameterGroup } from './parameters.js'
import type { Step } from './step.js'

/** A weight gradient appears; `unsharded` bytes of the compute type. */
export function weightGradient({ ledger, bytes }: Step, elements: number): void {
  ledger.take('unshardedGradients', elements * bytes.compute)
}

/** Added into the one that waits from an earlier microbatch, where there is one in the same type. */
export function settleGradient(step: Step, elements: number): void {
  const { ledger, bytes, request } = step
  const isAdded = !request.policy.syncEveryMicrobatch && step.microbatch > 0 && bytes.reduce === bytes.compute
  if (isAdded) ledger.release('unshardedGradients', elements * bytes.compute)
}

/**
 * After a unit's backward: parameters go, gradients are reduced or, without sync, set aside.
 * `part` is what of the unit has its gradients now.
 */
export function postBackward(step: Step, unit: ParameterGroup, part: ParameterGroup = unit): void {
  reshard(step, unit)
  if (step.request.policy.syncEveryMicrobatch || step.isLast) reduceScatter(step, part, part !== unit)
  else setAside(step, part)
}

/** Without sync gradients wait in the reduce type, which is a cast the first time and an addition in place later. */
function setAside({ ledger, bytes, microbatch }: Step, part: ParameterGroup): void {
  if (bytes.reduce === bytes.compute) return
  if (microbatch > 0) {
    ledger.release('unshardedGradients', part.elements * bytes.compute)
    return
  }
  const cast = (list: readonly Parameter[]) => {
    for (const { elements } of list) {
      ledger.take('unshardedGradients', elements * bytes.reduce)
      ledger.release('unshardedGradients', elements * bytes.compute)
    }
  }
  cast(part.first)
  ledger.repeat(part.blocks, () => cast(part.block))
  cast(part.last)
}

/**
 * The input of the previous unit is dropped only now; all unsharded gradients live while the input is filled, and the last parameter's until the
 * result is stored (fully_shard/_fsdp_param_group.py, post_backward and foreach_reduce).
 */
function reduceScatter(step: Step, part: ParameterGroup, isInParts: boolean): void {
  const { ledger, bytes, request } = step
  const wasSetAside = !request.policy.syncEveryMicrobatch && step.microbatch > 0 && bytes.reduce !== bytes.compute
  if (wasSetAside) ledger.release('unshardedGradients', (part.elements - part.final.elements) * bytes.compute)
  const gradient = wasSetAside ? bytes.reduce : bytes.compute
  const input = request.shardRanks * part.padded * bytes.reduce
  ledger.release('reduceScatter', step.heldScatter)
  if (isInParts) {
    // A unit has one all-reduce buffer: its first part's goes.
    ledger.release('reduceScatter', step.heldAllReduce)
    step.heldAllReduce = 0
  }
  ledger.take('reduceScatter', input)
  step.heldScatter = input
  ledger.release('unshardedGradients', (part.elements - part.final.elements) * gradient)
  storeGradients(step, part)
  ledger.release(
    'unshardedGradients',
    part.final.elements * (wasSetAside ? bytes.reduce + bytes.compute : bytes.compute),
  )
}

/** The reduced shard becomes the gradient, is cast to it, or is added to the one already there; replicas keep their all-reduce buffer. */
function storeGradients(step: Step, { padded }: ParameterGroup): void {
  const { ledger, bytes, request } = step
  const isCast = bytes.reduce !== bytes.original
  const isAdded = request.policy.syncEveryMicrobatch && step.microbatch > 0
  const isKept = request.replicas > 1 && (isCast || isAdded)
  const output = padded * bytes.reduce
  if (isCast || isAdded) {
    ledger.take('reduceScatter', output)
    if (isCast) {
      ledger.take('gradients', padded * bytes.original)
      if (isAdded) ledger.release('gradients', padded * bytes.original)
    }
    if (isKept) step.heldAllReduce += output
    else ledger.release('reduceScatter', output)
  } else ledger.take('gradients', output)
}

export function releaseReductions(step: Step): void {
  step.ledger.release('reduceScatter', step.heldScatter + step.heldAllReduce)
  step.heldScatter = 0
  step.heldAllReduce = 0
}
