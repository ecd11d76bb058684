import { reshard } from './collectives.js'
import type { Parameter, ParameterGroup } from './parameters.js'
import type { Step } from './step.js'

/** A weight gradient appears, in the compute type. */
export function weightGradient({ ledger, bytes }: Step, elements: number): void {
  ledger.take('unshardedGradients', elements * bytes.compute)
}

/** Added at once into the one that waits from an earlier microbatch, where there is one in the same type. */
export function settleGradient(step: Step, elements: number): void {
  const { ledger, bytes } = step
  if (gradientsWait(step) && !step.casts.gradients) ledger.release('unshardedGradients', elements * bytes.compute)
}

/** Do unsharded gradients of earlier microbatches wait to be reduced? */
export function gradientsWait({ request, microbatch }: Step): boolean {
  return !request.policy.syncEveryMicrobatch && microbatch > 0
}

/** What one post-backward of a unit finds, where that is not the unit's gradients as they are. */
export interface Part {
  /** Has gradients to reduce or to set aside. */
  readonly part: ParameterGroup
  /** Has gradients of this microbatch. */
  readonly fresh: ParameterGroup
  /** The unit was reduced before in this backward. */
  readonly isSecond: boolean
}

/** After a unit's backward: whole parameters go, gradients are reduced or, without sync, set aside. */
export function postBackward(
  step: Step,
  unit: ParameterGroup,
  found: Part = { part: unit, fresh: unit, isSecond: false },
): void {
  reshard(step, unit)
  if (step.request.policy.syncEveryMicrobatch || step.isLast) reduceScatter(step, found)
  else setAside(step, found.fresh)
}

/** Without sync gradients wait in the reduce type: a cast the first time, an addition in place later. */
function setAside({ ledger, bytes, casts, microbatch }: Step, fresh: ParameterGroup): void {
  if (!casts.gradients) return
  if (microbatch > 0) {
    ledger.release('unshardedGradients', fresh.elements * bytes.compute)
    return
  }
  const cast = (list: readonly Parameter[]) => {
    for (const { elements } of list) {
      ledger.take('unshardedGradients', elements * bytes.reduce)
      ledger.release('unshardedGradients', elements * bytes.compute)
    }
  }
  cast(fresh.first)
  ledger.repeat(fresh.blocks, () => cast(fresh.block))
  cast(fresh.last)
}

/**
 * The input of the unit before is dropped only now; all unsharded gradients live while the input is filled, and the last parameter's until the
 * result is stored (fully_shard/_fsdp_param_group.py, post_backward; _fsdp_collectives.py, foreach_reduce).
 */
function reduceScatter(step: Step, { part, fresh, isSecond }: Part): void {
  const { ledger, bytes, request } = step
  const wasCast = gradientsWait(step) && !isSecond && step.casts.gradients
  if (wasCast) ledger.release('unshardedGradients', (fresh.elements - fresh.final.elements) * bytes.compute)
  ledger.release('reduceScatter', step.heldScatter)
  // A unit has one all-reduce buffer: that of its first part goes.
  if (isSecond) ledger.releaseAll('allReduce')
  step.heldScatter = request.shardRanks * part.padded * bytes.reduce
  ledger.take('reduceScatter', step.heldScatter)
  const gradient = wasCast ? bytes.reduce : bytes.compute
  // The last gradient outlives the others: a loop of torch's copy into the input still names it, and so does the tracker's own hook, as it came.
  const inLoop = request.shardRanks > 1 ? part.final.elements * gradient : 0
  const inHook = isSecond ? 0 : part.final.elements * bytes.compute
  const kept = wasCast ? inLoop : Math.max(inLoop, inHook)
  ledger.release('unshardedGradients', part.elements * gradient - kept)
  const areThere = step.microbatch > 0 && (request.policy.syncEveryMicrobatch || isSecond)
  storeGradients(step, part.padded, areThere)
  ledger.release('unshardedGradients', kept + (wasCast ? inHook : 0))
}

/** The reduced shard becomes the gradient, is cast to it, or is added to the one already there; replicas keep what they reduced in. */
function storeGradients({ ledger, bytes, casts, request }: Step, padded: number, areThere: boolean): void {
  const gradient = padded * bytes.original
  if (!casts.reduced && !areThere) {
    ledger.take('gradients', gradient)
    return
  }
  const output = padded * bytes.reduce
  const kind = request.replicas > 1 ? 'allReduce' : 'reduceScatter'
  ledger.take(kind, output)
  if (casts.reduced) ledger.take('gradients', gradient)
  if (request.replicas === 1) ledger.release(kind, output)
  if (casts.reduced && areThere) ledger.release('gradients', gradient)
}

/** Ends backward. */
export function releaseReductions(step: Step): void {
  step.ledger.releaseAll('reduceScatter')
  step.ledger.releaseAll('allReduce')
  step.heldScatter = 0
}
