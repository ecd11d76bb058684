import { dataType, tensorBytes } from './dataTypes.js'
import type { TensorInfo } from './model.js'
import type { Operator } from './ops/operator.js'
import { type Frame, type Session, tensorName } from './session.js'
import { checkShape, newTensor, noWeights, product, type Tensor, type Weight } from './tensor.js'

/** The tensor of an initializer or Constant: known where small, a weight where something uses it as one. */
export function initializerTensor(session: Session, frame: Frame, info: TensorInfo, aliasOf?: null): Tensor {
  const name = tensorName(session, frame, info.name)
  checkShape(name, info.dims, `initializer ${info.name}`)
  const own = storedWeight(name, info.type, info.dims, aliasOf === null)
  const weights = info.external === undefined ? own : shared(session, info, own)
  return newTensor(name, info.type, info.dims, { data: info.data, isConstant: true, weights, aliasOf })
}

/** The weight that another initializer found at these bytes, if one did; its name is the least, whatever stands first. */
function shared(session: Session, { external, type, dims }: TensorInfo, own: readonly Weight[]): readonly Weight[] {
  const [weight] = own
  if (!weight) return own
  const key = `${type} ${product(dims)} ${external}`
  const known = session.externalWeights.get(key)
  if (!known) session.externalWeights.set(key, own)
  else if (weight.name < known[0]!.name) known[0]!.name = weight.name
  return known ?? own
}

/** A tensor that may be a weight (FORMATS, `parameters`): numbers of rank 1 or more that are not named as a mask. */
export function storedWeight(name: string, type: number, shape: readonly number[], isNode = false): readonly Weight[] {
  const elementCount = product(shape)
  if (shape.length === 0 || dataType(type).kind === 'other' || isMask.test(name) || !(elementCount > 0))
    return noWeights
  return [{ name, shape, type, elementCount, byteCount: tensorBytes(elementCount, type), isQuantised: false, isNode }]
}

/**
 * A mask of attention that an exporter computed: queries x keys, the same for all heads, [.., 1, n, n]. Biases of positions, which are
 * learned, have the heads there.
 */
function isFoldedMask({ shape }: Weight): boolean {
  const [heads, queries, keys] = shape.slice(-3)
  return shape.length >= 4 && heads === 1 && queries === keys && keys! > 1
}

/** torch keeps attention masks as buffers beside the weights: "attn.masked_bias", "layers.0.attn_mask". */
const isMask = /(^|[._/])(\w*_)?masks?(ed_bias)?$/i

/** Weights merged into a constant by the ops that compute it: more than this, and the op is not a preparation of weights any more. */
export const mostMergedWeights = 256

export function mergeWeights(lists: readonly (readonly Weight[])[]): readonly Weight[] {
  const filled = lists.filter((list) => list.length > 0)
  if (filled.length <= 1) return filled[0] ?? noWeights
  return [...new Set(filled.flat())]
}

/** Whether an op uses a stored tensor as a weight: floats and quantised integers; a Constant node's only in a matrix's place. */
export function isWeightOf(weight: Weight, operator: Operator | undefined, type: string): boolean {
  if (dataType(weight.type).kind !== 'float' && !weight.isQuantised) return false
  if (isFoldedMask(weight) && operator?.isFoldable !== false) return false
  return !weight.isNode || operator?.isFoldable === false || type.startsWith('Gather') || type.endsWith('Normalization')
}
