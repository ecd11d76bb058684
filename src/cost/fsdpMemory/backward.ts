import { blockBackward, blockForward } from './block.js'
import { finishGather, finishGatherAgain, startGather } from './collectives.js'
import { explicitPrefetch, positionBytes } from './forward.js'
import { gradientsWait, postBackward, releaseReductions, settleGradient, weightGradient } from './gradients.js'
import { lossBackward, lossScalarBytes } from './loss.js'
import { normBackward } from './norm.js'
import type { ParameterGroup } from './parameters.js'
import type { Step } from './step.js'

export function backward(step: Step): void {
  const { ledger, parameters, request } = step
  const { units } = request.policy
  const isSeparate = units === 'block+embed+head+root'
  lossBackward(step)
  if (units === 'root' && step.isResharded) {
    ledger.during('root all-gather in backward')
    startGather(step, parameters.total)
    finishGatherAgain(step, parameters.total)
  }
  headBackward(step)
  blocksBackward(step)
  embeddingBackward(step)
  ledger.during(isSeparate ? 'embedding reduce-scatter' : 'root reduce-scatter')
  postBackward(step, units === 'root' ? parameters.total : isSeparate ? parameters.embedding : parameters.outer)
  releaseReductions(step)
  ledger.run(-2 * lossScalarBytes(step))
}

/** The head's unit, where separate, is seen as done twice: after the head and after the norm (the tracker hooks each module). */
function headBackward(step: Step): void {
  const { ledger, parameters, request, sizes, bytes } = step
  const { model, policy } = request
  const isSeparate = policy.units === 'block+embed+head+root'
  const startsBlock = policy.units !== 'root' && step.isResharded
  const { normAndHead, norm, head } = parameters
  const wait = gradientsWait(step) && step.isLast
  if (startsBlock && !isSeparate) {
    ledger.during('block all-gather in backward')
    startGather(step, parameters.block)
  }
  ledger.during('head backward')
  weightGradient(step, model.vocab * model.hidden)
  ledger.run(sizes.hidden, -bytes.compute * sizes.logits - sizes.hidden)
  if (!model.tiedEmbeddings) settleGradient(step, model.vocab * model.hidden)
  if (isSeparate) {
    ledger.during('head reduce-scatter')
    // Gradients of earlier microbatches go with the head's, the norm's too.
    postBackward(step, normAndHead, { part: wait ? normAndHead : head, fresh: head, isSecond: false })
    ledger.during('head all-gather in backward')
    startGather(step, normAndHead)
    finishGather(step, normAndHead, false)
    if (startsBlock) startGather(step, parameters.block)
  }
  ledger.during('last norm backward')
  normBackward(step, { hasResidual: false, releasesInput: false, isRecomputed: false, isReduced: isSeparate && wait })
  if (isSeparate) postBackward(step, normAndHead, { part: norm, fresh: norm, isSecond: true })
}

/** Last block first: it finds no reduce-scatter input of a block before it; the first ones have nothing left to gather ahead. */
function blocksBackward(step: Step): void {
  const { ledger, parameters, request } = step
  const { layers } = request.model
  const { units } = request.policy
  const gathers = units !== 'root' && step.isResharded
  const ahead = explicitPrefetch(step) || 1
  const one = (units: readonly ParameterGroup[]) => () => oneBlock(step, gathers, gathers ? units : [])
  const { block } = parameters
  // The first block has no block to name, and an empty list falls back to FSDP2's own order.
  const nextOfFirst = units === 'block+embed+head+root' ? [parameters.embedding] : []

  if (layers === 1) {
    one(nextOfFirst)()
    return
  }
  one(Array<ParameterGroup>(Math.min(ahead, layers - 1)).fill(block))()
  const steady = Math.max(0, layers - 1 - ahead)
  ledger.repeat(steady, one([block]))
  ledger.repeat(layers - 2 - steady, one([]))
  one(nextOfFirst)()
}

/** `next` are the units whose all-gather starts once this one's parameters are there. */
function oneBlock(step: Step, gathers: boolean, next: readonly ParameterGroup[]): void {
  const { ledger, parameters, request } = step
  if (gathers) {
    ledger.during('block all-gather in backward')
    finishGatherAgain(step, parameters.block)
    for (const unit of next) startGather(step, unit)
  }
  if (request.recompute === 'full') {
    ledger.during('block recompute')
    blockForward(step, 'recompute')
  }
  blockBackward(step)
  if (request.policy.units === 'root') return
  ledger.during('block reduce-scatter')
  postBackward(step, parameters.block)
}

function embeddingBackward(step: Step): void {
  const { ledger, parameters, request, sizes, bytes } = step
  const { policy, model } = request
  if (policy.units === 'block+embed+head+root' && step.isResharded) {
    ledger.during('embedding all-gather in backward')
    finishGatherAgain(step, parameters.embedding)
  }
  ledger.during('embedding backward')
  const table = model.vocab * model.hidden
  if (model.positions === 'learned') {
    const positions = model.maxPositions * model.hidden
    ledger.run(positionBytes(step))
    weightGradient(step, positions)
    ledger.run(-positionBytes(step) - 8 * request.seq)
    settleGradient(step, positions)
  }
  weightGradient(step, table)
  ledger.run(-sizes.hidden)
  if (model.tiedEmbeddings) {
    // The head's gradient waited: both are added into a third.
    weightGradient(step, table)
    ledger.release('unshardedGradients', 2 * table * bytes.compute)
  }
  settleGradient(step, table)
}
