import { hasBias, type ModelDescription } from '../../model/index.js'
import type { GraphBuilder, Tensor, Weight } from './builder.js'
import { elementBytes } from './dtypes.js'
import type { ModuleNames } from './names.js'

/** What every part of a model is built with. */
export interface Context {
  readonly model: ModelDescription
  readonly build: GraphBuilder
  readonly names: ModuleNames
  readonly isTraining: boolean
}

/** x W (+ b) over the last dimension. `module` is the full name of the linear layer; `named` where its weights are called otherwise. */
export function linear(
  { build }: Context,
  module: string,
  x: Tensor,
  width: number,
  isBiased: boolean,
  named: { readonly weight?: string; readonly bias?: string } = {},
): Tensor {
  const rows = x.elements / x.shape.at(-1)!
  const weight: Weight = { name: named.weight ?? `${module}.weight`, shape: [width, x.shape.at(-1)!] }
  const bias: Weight = { name: named.bias ?? `${module}.bias`, shape: [width] }
  const [made] = build.add({
    name: module,
    type: 'MatMul',
    module,
    inputs: [x],
    weights: isBiased ? [weight, bias] : [weight],
    outputs: [{ shape: [...x.shape.slice(0, -1), width] }],
    matrixFlops: 2 * x.elements * width,
    vectorFlops: isBiased ? rows * width : 0,
  })
  return made
}

/** Operations per element as the ONNX reader counts them: 7 of a layer norm, 4 of an RMS norm. */
export function norm({ model, build }: Context, module: string, x: Tensor, isRms = model.norm === 'rmsnorm'): Tensor {
  const width = [x.shape.at(-1)!]
  const weight = { name: `${module}.weight`, shape: width }
  const [made] = build.add({
    name: module,
    type: isRms ? 'RMSNormalization' : 'LayerNormalization',
    module,
    inputs: [x],
    weights: !isRms && hasBias(model, 'norm') ? [weight, { name: `${module}.bias`, shape: width }] : [weight],
    outputs: [{ shape: x.shape }],
    vectorFlops: (isRms ? 4 : 7) * x.elements,
  })
  return made
}

/** One result per element of the first input. */
export function elementwise(
  { build }: Context,
  name: string,
  type: string,
  module: string,
  inputs: readonly Tensor[],
  operations = 1,
): Tensor {
  const [{ shape, elements }] = inputs
  const [made] = build.add({ name, type, module, inputs, outputs: [{ shape }], vectorFlops: operations * elements })
  return made
}

/** In training, where the model drops anything: the kept values and a mask of one byte an element (Srivastava et al. 2014). */
export function dropout(context: Context, name: string, module: string, x: Tensor): Tensor {
  const { model, build, isTraining } = context
  if (!isTraining || model.dropout === 0) return x
  const [made] = build.add({
    name,
    type: 'Dropout',
    module,
    inputs: [x],
    outputs: [{ shape: x.shape }, { shape: x.shape, dtype: 'bool', suffix: 'mask' }],
    vectorFlops: 2 * x.elements,
  })
  return made
}

/** A look-up reads the rows it needs, not the table. */
export function lookUp({ build }: Context, module: string, index: Tensor, table: readonly [number, number]): Tensor {
  const shape = [...index.shape, table[1]]
  const [made] = build.add({
    name: module,
    type: 'Gather',
    module,
    inputs: [index],
    weights: [{ name: `${module}.weight`, shape: table }],
    outputs: [{ shape }],
    bytesAccessed: index.bytes + 2 * bytes(build, shape),
  })
  return made
}

export function bytes({ dtype }: GraphBuilder, shape: readonly number[]): number {
  return shape.reduce((all, dim) => all * dim, elementBytes[dtype])
}
