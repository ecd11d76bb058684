import type { ParameterGroup } from './parameters.js'
import type { Step } from './step.js'

/** Starts the all-gather of a unit: a cast copy of the own shard where types differ, and the output (fully_shard/_fsdp_collectives.py). */
export function startGather({ ledger, bytes, request }: Step, unit: ParameterGroup): void {
  const cast = bytes.compute === bytes.original ? 0 : unit.padded * bytes.compute
  ledger.take('allGather', cast)
  ledger.take('allGather', request.shardRanks * unit.padded * bytes.compute)
  ledger.release('allGather', cast)
}

/** Copies the gathered output into whole parameters: both live for a while, in forward together with the output of the unit before. */
export function finishGather(step: Step, unit: ParameterGroup, isForward: boolean): void {
  const { ledger } = step
  const whole = unshardedBytes(step, unit)
  ledger.take('unshardedParameters', whole)
  ledger.release('allGather', isForward ? step.heldGather : whole)
  if (isForward) step.heldGather = whole
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
