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
  const isCheckpointed = step.request.recompute === 'full'
  step.ledger.during('block backward: mlp')
  mlpBackward(step)
  step.ledger.during('block backward: mlp norm')
  normBackward(step, { hasResidual: true, releasesInput: false })
  step.ledger.during('block backward: attention')
  attentionBackward(step)
  step.ledger.during('block backward: attention norm')
  normBackward(step, { hasResidual: true, releasesInput: isCheckpointed })
}

function mlpBackward(step: Step): void {
  const { ledger, sizes, request } = step
  const { hidden, ffn } = sizes
  const { model } = request
  const bias = hasBias(model, 'mlp')
  const up = { inputs: model.hidden, outputs: model.ffn, hasBias: bias }
  linearBackward(step, { inputs: model.ffn, outputs: model.hidden, hasBias: bias }, ffn, ffn)
  if (model.gatedMlp) {
    ledger.run(ffn, ffn, -3 * ffn)
    linearBackward(step, up, hidden, ffn)
    ledger.run(ffn, -2 * ffn)
    linearBackward(step, up, hidden, ffn + hidden)
    ledger.run(hidden, -2 * hidden)
  } else {
    ledger.run(ffn, -2 * ffn)
    linearBackward(step, up, hidden, ffn + hidden)
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
  linearBackward(step, output, query, 0)
  ledger.run(3 * query, -5 * query, -logSumExp)
  if (repeats) {
    ledger.run(key, -query, key, -query)
    ledger.run(key, -key)
  }
  linearBackward(step, keys, hidden, key)
  if (repeats) ledger.run(key, -key)
  linearBackward(step, keys, hidden, key)
  ledger.run(hidden, -2 * hidden)
  linearBackward(step, queries, hidden, query + hidden)
  ledger.run(hidden, -2 * hidden)
}

/** Gradients of weight and input, in the other order with a bias; then what the product had saved and its output's gradient go. */
function linearBackward(
  step: Step,
  { inputs, outputs, hasBias }: Linear,
  inputGradient: number,
  released: number,
): void {
  const weight = inputs * outputs
  if (hasBias) {
    step.ledger.run(inputGradient)
    weightGradient(step, weight)
    weightGradient(step, outputs)
    step.ledger.run(-released)
    settleGradient(step, weight + outputs)
  } else {
    weightGradient(step, weight)
    step.ledger.run(inputGradient, -released)
    settleGradient(step, weight)
  }
}

interface Linear {
  readonly inputs: number
  readonly outputs: number
  readonly hasBias: boolean
}

function isRepeated({ kvHeads, heads, expandKv }: { kvHeads: number; heads: number; expandKv: boolean }): boolean {
  return expandKv && kvHeads !== heads
}
