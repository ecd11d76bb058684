import { hasBias } from '../../model/index.js'
import { settleGradient, weightGradient } from './gradients.js'
import { normBackward, normForward } from './norm.js'
import type { Step } from './step.js'

/** How a block runs forward: for its output alone, keeping what backward wants, or again in backward up to the last product. */
export type BlockRun = 'output' | 'keep' | 'recompute'

/** Norm, attention, residual, norm, MLP, residual (Vaswani et al. 2017, section 3, norms first). */
export function blockForward(step: Step, run: BlockRun): void {
  const { ledger, sizes, request } = step
  const { hidden, query, ffn } = sizes
  const isKept = run !== 'output'
  const drop = (...events: readonly number[]) => {
    if (!isKept) ledger.run(...events)
  }
  normForward(step, isKept)
  attentionForward(step, isKept)
  normForward(step, isKept)
  drop(-hidden)
  ledger.run(ffn, ffn)
  drop(-ffn)
  if (request.model.gatedMlp) {
    ledger.run(ffn, ffn)
    drop(-2 * ffn)
  }
  if (run === 'recompute') {
    // Nothing needs the second product nor the sum.
    if (!step.normKeepsInput) ledger.run(-hidden)
    return
  }
  ledger.run(hidden)
  drop(-ffn)
  ledger.run(hidden)
  if (!isKept) ledger.run(-4 * query, -3 * hidden)
  else ledger.run(-hidden, step.normKeepsInput ? 0 : -hidden)
}

function attentionForward({ ledger, sizes, request }: Step, isKept: boolean): void {
  const { hidden, query, key, logSumExp } = sizes
  ledger.run(query, key, key)
  if (isRepeated(request.model)) ledger.run(query, -key, query, -key)
  ledger.run(query + logSumExp)
  if (!isKept) ledger.run(-logSumExp)
  ledger.run(hidden, hidden, -hidden)
}

/** Backward of a block whose kept tensors are all there. */
export function blockBackward(step: Step): void {
  const isRecomputed = step.request.recompute === 'full'
  step.ledger.during('block backward: mlp')
  mlpBackward(step)
  step.ledger.during('block backward: mlp norm')
  normBackward(step, { hasResidual: true, releasesInput: false, isRecomputed })
  step.ledger.during('block backward: attention')
  attentionBackward(step)
  step.ledger.during('block backward: attention norm')
  normBackward(step, { hasResidual: true, releasesInput: isRecomputed, isRecomputed })
}

function mlpBackward(step: Step): void {
  const { ledger, sizes, request } = step
  const { hidden, ffn } = sizes
  const { model } = request
  const bias = hasBias(model, 'mlp')
  const width = model.experts ? model.experts * model.expertFfn + model.sharedFfn : model.ffn
  const up = { inputs: model.hidden, outputs: width, hasBias: bias }
  linearBackward(step, { inputs: width, outputs: model.hidden, hasBias: bias }, bytes(ffn, ffn, 0))
  if (model.gatedMlp) {
    ledger.run(ffn, ffn, -3 * ffn)
    linearBackward(step, up, bytes(hidden, 0, ffn))
    ledger.run(ffn, -2 * ffn)
    linearBackward(step, up, bytes(hidden, hidden, ffn))
    ledger.run(hidden, -2 * hidden)
  } else {
    ledger.run(ffn, -2 * ffn)
    linearBackward(step, up, bytes(hidden, hidden, ffn))
  }
}

function attentionBackward(step: Step): void {
  const { ledger, sizes, request } = step
  const { hidden, query, key, logSumExp } = sizes
  const { model } = request
  const queries = { inputs: model.hidden, outputs: model.heads * model.headDim, hasBias: hasBias(model, 'qkv') }
  const keys = { ...queries, outputs: model.kvHeads * model.headDim }
  const output = { inputs: queries.outputs, outputs: model.hidden, hasBias: hasBias(model, 'output') }
  const repeats = isRepeated(model)
  linearBackward(step, output, bytes(query, 0, 0))
  ledger.run(3 * query, -5 * query, -logSumExp)
  if (repeats) {
    ledger.run(key, -query, key, -query)
    ledger.run(key, -key)
  }
  linearBackward(step, keys, bytes(hidden, 0, key))
  if (repeats) ledger.run(key, -key)
  linearBackward(step, keys, bytes(hidden, 0, key))
  ledger.run(hidden, -2 * hidden)
  linearBackward(step, queries, bytes(hidden, hidden, query))
  ledger.run(hidden, -2 * hidden)
}

/**
 * Gradients of weight and input, the other way round and then the bias's with one. `saved` is the input, where nobody reads it after; computed
 * again, it goes before the bias, which is a sum of its own.
 */
function linearBackward(step: Step, linear: Linear, { inputGradient, saved, outputGradient }: LinearBytes): void {
  const { ledger, request } = step
  const weight = linear.inputs * linear.outputs
  if (!linear.hasBias) {
    weightGradient(step, weight)
    ledger.run(inputGradient, -saved - outputGradient)
    settleGradient(step, weight)
    return
  }
  const early = request.recompute === 'full' ? saved : 0
  ledger.run(inputGradient)
  weightGradient(step, weight)
  ledger.run(-early)
  weightGradient(step, linear.outputs)
  ledger.run(early - saved - outputGradient)
  settleGradient(step, weight + linear.outputs)
}

interface Linear {
  readonly inputs: number
  readonly outputs: number
  readonly hasBias: boolean
}

interface LinearBytes {
  readonly inputGradient: number
  readonly saved: number
  readonly outputGradient: number
}

function bytes(inputGradient: number, saved: number, outputGradient: number): LinearBytes {
  return { inputGradient, saved, outputGradient }
}

function isRepeated({ kvHeads, heads, expandKv }: { kvHeads: number; heads: number; expandKv: boolean }): boolean {
  return expandKv && kvHeads !== heads
}
