import type { Tensor, Weight } from './builder.js'
import { type Context, dropout, elementwise, lookUp, norm } from './layers.js'
import type { GraphSize } from './modelGraph.js'

/** From token numbers or pixels to the first block's input: [batch, seq, hidden]. */
export function embeddings(context: Context, size: GraphSize): Tensor {
  const { model, names } = context
  const module = `${names.root}${model.imageSize || model.tokenTypes ? 'embeddings' : 'embedding'}`
  const embedded = model.imageSize ? patches(context, size, module) : tokens(context, size, module)
  const normed = model.embeddingNorm ? norm(context, `${module}.LayerNorm`, embedded) : embedded
  return dropout(context, `${module}.dropout`, module, normed)
}

/** The table of tokens, and those of positions and segments where there are any. */
function tokens(context: Context, { batch, seq }: GraphSize, module: string): Tensor {
  const { model, build, names } = context
  const input = (name: string, shape: readonly number[]) => {
    const outputs = [{ shape, dtype: 'int64' as const }]
    return build.add({ name, type: 'Input', module: '', inputs: [], outputs, seconds: 0, bytesAccessed: 0 })[0]
  }
  let x = lookUp(context, `${names.root}${names.tokens}`, input('input_ids', [batch, seq]), [model.vocab, model.hidden])
  const add = (index: Tensor, table: string, rows: number, name: string) => {
    const found = lookUp(context, `${names.root}${table}`, index, [rows, model.hidden])
    x = elementwise(context, `${module}.${name}`, 'Add', module, [x, found])
  }
  if (model.tokenTypes > 0)
    add(input('token_type_ids', [batch, seq]), 'embeddings.token_type_embeddings', model.tokenTypes, 'add_token_types')
  if (model.positions === 'learned')
    add(input('position_ids', [1, seq]), names.positions, model.maxPositions, 'add_positions')
  return x
}

/** ViT (arXiv 2010.11929, equation 1): patches projected by a convolution, a class token before them, positions added. */
function patches({ model, build, names }: Context, { batch, seq }: GraphSize, module: string): Tensor {
  const { imageSize, patchSize, channels, hidden } = model
  const [pixels] = build.add({
    name: 'pixel_values',
    type: 'Input',
    module: '',
    inputs: [],
    outputs: [{ shape: [batch, channels, imageSize, imageSize] }],
    seconds: 0,
    bytesAccessed: 0,
  })
  const projection = `${module}.patch_embeddings.projection`
  const [projected] = build.add({
    name: projection,
    type: 'Conv',
    module: projection,
    inputs: [pixels],
    weights: [
      { name: `${projection}.weight`, shape: [hidden, channels, patchSize, patchSize] },
      { name: `${projection}.bias`, shape: [hidden] },
    ],
    outputs: [{ shape: [batch, seq - 1, hidden] }],
    matrixFlops: 2 * pixels.elements * hidden,
    vectorFlops: batch * (seq - 1) * hidden,
  })
  const withClass = joined('Concat', `${module}.cls_token`, [1, 1, hidden], projected, 0)
  if (model.positions !== 'learned') return withClass
  return joined('Add', `${names.root}${names.positions}`, [1, model.maxPositions, hidden], withClass, 1)

  /** A weight that is an operand itself, not a layer's. */
  function joined(type: string, name: string, shape: readonly number[], x: Tensor, operations: number): Tensor {
    const weight: Weight = { name, shape }
    const out = [batch, seq, hidden]
    const vectorFlops = operations * batch * seq * hidden
    return build.add({ name, type, module, inputs: [x], weights: [weight], outputs: [{ shape: out }], vectorFlops })[0]
  }
}
