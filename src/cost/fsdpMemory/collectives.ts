import type { Parameter, ParameterGroup } from './parameters.js'
import type { Step } from './step.js'

/** Starts the all-gather of a unit: a cast copy of the own shard where types differ, and the output (fully_shard/_fsdp_collectives.py). */
export function startGather({ ledger, bytes, casts, request }: Step, unit: ParameterGroup): void {
  if (request.shardRanks === 1) return
  const cast = casts.parameters ? unit.padded * bytes.compute : 0
  ledger.take('allGather', cast)
  ledger.take('allGather', request.shardRanks * unit.padded * bytes.compute)
  ledger.release('allGather', cast)
}

/** Copies the gathered output into whole parameters: both live for a while, in forward together with the output of the unit before. */
export function finishGather(step: Step, unit: ParameterGroup, isForward: boolean): void {
  const { ledger } = step
  if (step.request.shardRanks === 1) {
    copyIn(step, unit)
    return
  }
  const whole = unshardedBytes(step, unit)
  ledger.take('unshardedParameters', whole)
  ledger.release('allGather', isForward ? step.heldGather : whole)
  if (isForward) step.heldGather = whole
}

/** One rank alone copies its parameters one after the other; a cast copy goes when the next one is made (wait_for_unshard). */
function copyIn({ ledger, bytes, casts }: Step, unit: ParameterGroup): void {
  let before = 0
  const copy = (list: readonly Parameter[]) => {
    for (const { elements } of list) {
      const whole = elements * bytes.compute
      if (casts.parameters) ledger.take('allGather', whole)
      ledger.release('allGather', before)
      ledger.take('unshardedParameters', whole)
      before = casts.parameters ? whole : 0
    }
  }
  copy(unit.first)
  if (unit.blocks > 0) copy(unit.block)
  ledger.repeat(unit.blocks - 1, () => copy(unit.block))
  copy(unit.last)
  ledger.release('allGather', before)
}

/** The unit's policy after its forward; over fewer ranks each keeps a copy of its larger share (to_sharded_post_forward). */
export function reshardAfterForward(step: Step, unit: ParameterGroup): void {
  if (!step.isResharded) return
  step.ledger.take('unshardedParameters', largerShareBytes(step, unit))
  reshard(step, unit)
}

/** Whole again in backward, after `reshardAfterForward`. */
export function finishGatherAgain(step: Step, unit: ParameterGroup): void {
  finishGather(step, unit, false)
  step.ledger.release('unshardedParameters', largerShareBytes(step, unit))
}

function largerShareBytes(step: Step, unit: ParameterGroup): number {
  const { shardRanks, policy } = step.request
  const ranks = policy.reshardAfterForward
  return typeof ranks === 'number' && ranks < shardRanks ? unshardedBytes(step, unit) / ranks : 0
}

export function reshard(step: Step, unit: ParameterGroup): void {
  step.ledger.release('unshardedParameters', unshardedBytes(step, unit))
}

export function releaseHeldGather(step: Step): void {
  step.ledger.release('allGather', step.heldGather)
  step.heldGather = 0
}

function unshardedBytes({ request, bytes }: Step, unit: ParameterGroup): number {
  return request.shardRanks * unit.padded * bytes.compute
}
