import { fail } from '../../errors/index.js'
import { isExpertLayer, type ModelDescription } from '../../model/index.js'
import type { GraphDescription } from '../description.js'
import { attention } from './attention.js'
import { graphBuilder, type Tensor } from './builder.js'
import type { ModelDtype } from './dtypes.js'
import { embeddings } from './embeddings.js'
import { experts } from './experts.js'
import { heads } from './heads.js'
import { type Context, dropout, elementwise, norm } from './layers.js'
import { mlp } from './mlp.js'
import { moduleNames } from './names.js'

export interface GraphSize {
  /** Sequences, or images. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly seq: number
}

export interface ModelGraphOptions extends GraphSize {
  readonly dtype: ModelDtype
  /** `training` adds dropout and the loss to the forward pass. Default: inference. */
  readonly mode?: 'inference' | 'training'
}

/**
 * The operator graph of one forward pass: an op a matrix product, attention core, norm, activation and sum, named after the modules of Hugging
 * Face transformers. Work and bytes follow the ONNX reader's rules, so a model costs the same whichever way it came.
 * Pre: the model passed `checkModel`.
 */
export function modelGraph(model: ModelDescription, options: ModelGraphOptions): GraphDescription {
  checkSize(model, options)
  const build = graphBuilder(options.dtype)
  const names = moduleNames(model)
  const context: Context = { model, build, names, isTraining: options.mode === 'training' }
  let x = embeddings(context, options)
  for (let layer = 0; layer < model.layers; layer++) x = block(context, layer, x)
  if (model.normPlacement !== 'post') x = norm(context, `${names.root}${names.lastNorm}`, x)
  heads(context, x)
  const graph = build.finish(model.name)
  checkWork(graph, options)
  return graph
}

/** One block: attention, then MLP or experts, each with its norms around it and its input added. */
function block(context: Context, layer: number, x: Tensor): Tensor {
  const { model, names } = context
  const prefix = `${names.root}${names.layer}.${layer}.`
  const isExpert = isExpertLayer(model, layer)
  const halves = [
    (input: Tensor) => attention(context, prefix + names.attention, input),
    (input: Tensor) =>
      isExpert ? experts(context, `${prefix}mlp.`, input) : mlp(context, prefix + names.mlp, input, model.ffn),
  ]
  let sum = x
  halves.forEach((run, half) => {
    const input = half === 1 && model.parallelResidual ? x : sum
    const [before, after] = normNames(context, half).map((name) => name && prefix + name)
    let made = run(before ? norm(context, before, input) : input)
    if (after && model.normPlacement === 'both') made = norm(context, after, made)
    made = dropout(context, `${prefix}dropout_${half + 1}`, prefix.slice(0, -1), made)
    sum = elementwise(context, `${prefix}add_${half + 1}`, 'Add', prefix.slice(0, -1), [sum, made])
    if (after && model.normPlacement === 'post') sum = norm(context, after, sum)
  })
  return sum
}

/** Names of the norms before and after a half of a block. */
function normNames({ model, names }: Context, half: number): readonly (string | undefined)[] {
  if (model.normPlacement === 'both') return names.norms.slice(2 * half, 2 * half + 2)
  return model.normPlacement === 'pre' ? [names.norms[half]] : [undefined, names.norms[half]]
}

function checkSize({ name, positions, maxPositions, imageSize, seq: own }: ModelDescription, size: GraphSize): void {
  for (const [dim, value] of Object.entries({ batch: size.batch, seq: size.seq })) {
    if (Number.isSafeInteger(value) && value >= 1 && value <= largestDim) continue
    fail('E204', `${dim} of ${name} is ${value}`, {
      where: dim,
      expected: `from 1 to ${largestDim}`,
      found: String(value),
    })
  }
  if (imageSize && size.seq !== own)
    fail('E204', `an image of ${name} has ${own} tokens`, {
      where: 'seq',
      expected: String(own),
      found: String(size.seq),
    })
  if (positions === 'learned' && !imageSize && size.seq > maxPositions) {
    const expected = `at most the ${maxPositions} positions of its table`
    fail('E204', `seq is too long for ${name}`, { where: 'seq', expected, found: String(size.seq) })
  }
}

/** As in `checkDescription`, told once and by what the user chose. */
function checkWork({ name, ops }: GraphDescription, { batch, seq }: GraphSize): void {
  const dearest = ops.reduce((most, op) => ((op.flops ?? 0) > (most.flops ?? 0) ? op : most))
  if ((dearest.flops ?? 0) <= largestWork) return
  fail('E204', `one pass of ${name} over ${batch} x ${seq} tokens is too much to count`, {
    where: dearest.name,
    expected: `at most ${largestWork} FLOP an op`,
    found: String(dearest.flops),
    fix: 'take a smaller batch or seq',
  })
}

const largestDim = 2 ** 30
const largestWork = 1e18
