import { constantTensor, isConstantNode } from './constantNode.js'
import { CannotTell, OpContext } from './context.js'
import { arithmeticName, dataType, tensorBytes } from './dataTypes.js'
import { resolveDimension } from './dimensions.js'
import type { CostedOp } from './interpret.js'
import type { Node } from './model.js'
import { nameModule } from './names.js'
import { bytesOf, type Cost, type Operator } from './ops/operator.js'
import { findOperator, qualifiedType } from './ops/registry.js'
import { attributesOf, type Frame, lookUp, newestOpset, type Session, tensorName } from './session.js'
import { checkShape, newTensor, noWeights, product, type Tensor, type Weight } from './tensor.js'
import { isWeightOf, mergeWeights, mostMergedWeights, storedWeight } from './weights.js'

/** Runs one ordinary node: shapes, then whether it is a constant, a view or real work, then its cost. */
export function runOp(session: Session, frame: Frame, node: Node, name: string): void {
  const context = open(session, frame, node, name)
  const { inputs, outputs } = context
  const operator = findOperator(node.domain, node.type)
  const isGuessed = inputs.some((t) => t?.isEstimated)
  for (const output of outputs) if (output) output.isEstimated = isGuessed

  let doubt = isConstantNode(node) ? undefined : infer(context, operator)
  if (fallBack(session, frame, node, context) && operator) doubt = undefined
  const weights = settle(context, operator)
  const isFree = outputs.every((t) => !t || t.aliasOf !== undefined)
  const { cost, why } = isFree || !operator ? noCost : costOf(context, operator)
  doubt ??= why
  if (!isGuessed && outputs.some((t) => t?.isEstimated)) doubt ??= 'the shape depends on data; its upper bound is taken'
  const op: CostedOp = {
    name,
    type: qualifiedType(node.domain, node.type),
    module: node.module ?? nameModule(node.name) ?? frame.module,
    inputs: present(inputs),
    outputs: present(outputs),
    weights,
    flops: cost.flops,
    matrixFlops: cost.matrixFlops ?? 0,
    bytesAccessed: isFree ? 0 : (cost.bytesAccessed ?? bytesMoved(inputs, outputs)),
    dtype: isFree ? undefined : arithmeticOf(context, cost),
    unmodelled: doubt,
    inside: undefined,
  }
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i]
    if (!output) continue
    output.producer = op
    frame.scope.set(node.outputs[i]!, output)
  }
  frame.sink.push(op)
}

function open(session: Session, frame: Frame, node: Node, name: string): OpContext {
  const attributes = attributesOf(frame, node)
  const make = (local: string): Tensor =>
    isConstantNode(node)
      ? constantTensor(session, frame, local, attributes)
      : newTensor(tensorName(session, frame, local))
  const inputs = node.inputs.map((input) => (input === '' ? undefined : lookUp(frame, input)))
  const outputs = node.outputs.map((output) => (output === '' ? undefined : make(output)))
  const opset = frame.opsets.get(node.domain) ?? frame.opsets.get('') ?? newestOpset
  return new OpContext(node, name, opset, inputs, outputs, attributes, session.valuesOf)
}

function present(tensors: readonly (Tensor | undefined)[]): readonly Tensor[] {
  return tensors.includes(undefined) ? tensors.filter((t) => t !== undefined) : (tensors as readonly Tensor[])
}

interface Costing {
  readonly cost: Cost
  readonly why?: string
}

const noCost: Costing = { cost: { flops: 0 } }

function costOf(context: OpContext, operator: Operator): Costing {
  try {
    const cost = operator.cost?.(context) ?? noCost.cost
    const isOpen = context.outputs.some((t) => t && !t.shape && !t.elements)
    return { cost, why: isOpen ? 'the shape of an output is not known' : undefined }
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error
    return { cost: noCost.cost, why: error.message }
  }
}

function infer(context: OpContext, operator: Operator | undefined): string | undefined {
  if (!operator) return 'the operator is not known'
  try {
    operator.infer(context)
    return undefined
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error
    return error.message
  }
}

/** Takes from value_info what inference left open; answers whether every output now has a shape. */
function fallBack(session: Session, frame: Frame, node: Node, context: OpContext): boolean {
  let isComplete = true
  context.outputs.forEach((tensor, i) => {
    if (!tensor) return
    const isOwnEstimate = tensor.isEstimated && !context.inputs.some((t) => t?.isEstimated)
    if (tensor.shape && tensor.type && !isOwnEstimate) return
    const info = frame.valueInfo.get(node.outputs[i]!)
    if (!tensor.type && info) tensor.type = info.type
    const dims = info?.dims?.map((dim, d) => resolveDimension(dim, `${tensor.name}.${d}`, session.bind))
    if (dims && (!tensor.shape || isOwnEstimate) && dims.every((d) => 'value' in d)) {
      tensor.shape = checkShape(
        tensor.name,
        dims.map((d) => d.value),
        `node ${context.name}`,
      )
      tensor.isEstimated = false
    }
    isComplete &&= tensor.shape !== undefined
  })
  return isComplete
}

/** Decides what the outputs are - constants, a view, or results - and answers the weights that the op uses. */
function settle(context: OpContext, operator: Operator | undefined): readonly Weight[] {
  const { inputs, outputs, node } = context
  if (isConstantNode(node)) return noWeights
  const used = mergeWeights(inputs.map((t, i) => (t?.isConstant ? weightsThrough(t, i, operator) : noWeights)))
  const isConstant =
    operator !== undefined &&
    operator.isFoldable !== false &&
    (operator.isShapeOnly || inputs.every((t) => !t || t.isConstant)) &&
    used.length <= mostMergedWeights
  if (!isConstant) {
    const behind = viewedInput(context, operator)
    if (behind) {
      outputs[0]!.aliasOf = behind
      outputs[0]!.quantisedType = behind.quantisedType
    } else if (node.type === 'Transpose' && outputs[0]) outputs[0].quantisedType = inputs[0]?.quantisedType
    return used.filter((weight) => isWeightOf(weight, operator, node.type))
  }
  const isFill = node.type === 'ConstantOfShape' && isStored(inputs[0])
  for (const output of outputs) {
    if (!output) continue
    output.isConstant = true
    output.aliasOf = null
    output.quantisedType ??= inputs[0]?.quantisedType
    output.weights = operator.isShapeOnly
      ? noWeights
      : isFill
        ? storedWeight(output.name, output.type, output.shape ?? [])
        : used
  }
  return noWeights
}

function viewedInput(context: OpContext, operator: Operator | undefined): Tensor | undefined {
  // Where a shape came from value_info, the rule cannot look at the input's.
  if (!operator?.viewOf || !context.outputs[0]?.shape || !context.inputs[0]?.shape) return undefined
  const viewed = operator.viewOf(context)
  return viewed === undefined ? undefined : context.inputs[viewed]
}

/** The weights behind a constant input, unless the op takes it as a setting. */
function weightsThrough(tensor: Tensor, i: number, operator: Operator | undefined): readonly Weight[] {
  if (operator?.settings?.includes(i)) return noWeights
  if (operator?.quantised?.includes(i)) {
    const most = operator.quantisedBits ?? 32
    for (const weight of tensor.weights) weight.isQuantised ||= dataType(weight.type).bits <= most
  }
  return tensor.weights
}

function isStored(tensor: Tensor | undefined): boolean {
  return (
    tensor !== undefined && (tensor.producer === undefined || tensor.producer.type === 'Constant') && tensor.isConstant
  )
}

/** Every distinct input once, every output once; a dequantised constant in its stored width. */
function bytesMoved(inputs: readonly (Tensor | undefined)[], outputs: readonly (Tensor | undefined)[]): number {
  let bytes = 0
  for (const t of new Set(inputs))
    bytes += t?.isConstant && t.quantisedType && t.shape ? tensorBytes(product(t.shape), t.quantisedType) : bytesOf(t)
  for (const t of outputs) bytes += bytesOf(t)
  return bytes
}

/** Matrix work on operands that are, or were a moment before, of 8 bits or less runs on the 8-bit units. */
function arithmeticOf(context: OpContext, cost: Cost): string {
  const { inputs, outputs } = context
  if (cost.matrixFlops) {
    const operands = inputs.filter((t) => t && (t.shape?.length ?? 0) > 1).slice(0, 2)
    const stored = operands.map((t) => dataType(t!.quantisedType ?? t!.type))
    if (stored.length > 0 && stored.every((t) => t.bits <= 8))
      return stored.every((t) => t.kind === 'float') ? 'fp8' : 'int8'
  }
  const float = [...inputs, ...outputs].find((t) => t && dataType(t.type).kind === 'float')
  return arithmeticName(float?.type ?? 0)
}
