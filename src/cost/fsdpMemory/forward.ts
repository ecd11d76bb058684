import { blockForward } from './block.js'
import { finishGather, releaseHeldGather, reshardAfterForward, startGather } from './collectives.js'
import { normForward } from './norm.js'
import type { Step } from './step.js'

export function forward(step: Step): void {
  const { ledger, parameters, sizes, bytes, request } = step
  const { units } = request.policy
  const isSeparate = units === 'block+embed+head+root'
  const first = units === 'root' ? parameters.total : isSeparate ? parameters.embedding : parameters.outer

  ledger.during(isSeparate ? 'embedding all-gather' : 'root all-gather')
  startGather(step, first)
  finishGather(step, first, true)
  ledger.during('embedding')
  ledger.run(sizes.hidden)
  // Positions are counted anew in int64, looked up, and added.
  if (request.model.positions === 'learned')
    ledger.run(8 * request.seq, positionBytes(step), sizes.hidden, -sizes.hidden - positionBytes(step))
  if (isSeparate) reshardAfterForward(step, first)

  blocksForward(step)

  if (isSeparate) {
    ledger.during('head all-gather')
    startGather(step, parameters.normAndHead)
    finishGather(step, parameters.normAndHead, true)
  }
  ledger.during('last norm')
  normForward(step, true)
  ledger.during('head')
  ledger.run(bytes.compute * sizes.logits)
  if (!step.normKeepsInput) ledger.run(-sizes.hidden)
  if (units === 'root') reshardAfterForward(step, first)
  releaseHeldGather(step)
}

function blocksForward(step: Step): void {
  const { ledger, request } = step
  const { layers } = request.model
  const ahead = request.policy.units === 'root' ? 0 : explicitPrefetch(step)
  const run = (gathers: number, isInFlight: boolean) => () => oneBlock(step, gathers, isInFlight)
  if (ahead === 0) {
    run(0, false)()
    ledger.repeat(layers - 1, run(0, false))
    return
  }
  run(Math.min(ahead, layers - 1), false)()
  const steady = Math.max(0, layers - 1 - ahead)
  ledger.repeat(steady, run(1, true))
  ledger.repeat(layers - 1 - steady, run(0, true))
}

/** Gathers itself unless that was started before, then so many later ones; runs; shards again by policy. */
function oneBlock(step: Step, gathers: number, isInFlight: boolean): void {
  const { ledger, parameters, request, sizes } = step
  const isUnit = request.policy.units !== 'root'
  if (isUnit) {
    ledger.during('block all-gather')
    if (!isInFlight) startGather(step, parameters.block)
    finishGather(step, parameters.block, true)
    ledger.during('block prefetch')
    for (let count = 0; count < gathers; count++) startGather(step, parameters.block)
  }
  ledger.during('block forward')
  const isCheckpointed = request.recompute === 'full'
  blockForward(step, isCheckpointed ? 'output' : 'keep')
  if (isUnit) reshardAfterForward(step, parameters.block)
  if (!step.normKeepsInput && !isCheckpointed) ledger.run(-sizes.hidden)
}

/** Blocks that `explicit:K` gathers ahead; 0 for FSDP2's own order. */
export function explicitPrefetch({ request }: Step): number {
  const { prefetch } = request.policy
  return prefetch === 'implicit' ? 0 : Number(prefetch.slice('explicit:'.length))
}

/** One row of the position table a token of a sequence, whatever the batch. */
export function positionBytes({ request, bytes }: Step): number {
  return bytes.compute * request.seq * request.model.hidden
}
