import type {
  EdgeDescription,
  GraphDescription,
  OpDescription,
  OutputDescription,
  ParameterDescription,
} from '../../graph/description.js'
import { dataType } from './dataTypes.js'
import type { CostedOp } from './interpret.js'
import { compare, weightModule } from './names.js'
import { bytesOf } from './ops/operator.js'
import { type Ownership, ownWeights } from './ownWeights.js'
import type { Tensor, Weight } from './tensor.js'

/** Writes the costed ops as a graph description. Only names order anything, so the order in the file does not matter. */
export function describe(name: string, ops: readonly CostedOp[], graphOutputs: ReadonlySet<Tensor>): GraphDescription {
  const ownership = ownWeights(ops)
  const edges: EdgeDescription[] = []
  const used = new Set<Tensor>(graphOutputs)
  for (const op of ops) {
    for (const tensor of distinct(op.inputs)) {
      used.add(tensor)
      if (tensor.producer)
        edges.push({ from: tensor.producer.name, to: op.name, output: tensor.name, bytes: bytesOf(tensor) })
    }
  }
  return {
    name,
    ops: ops.map((op) => describeOp(op, used, ownership)),
    edges,
    parameters: describeParameters(ownership),
  }
}

/** An op has one or two inputs as a rule, so no set is made for them. */
function distinct(tensors: readonly Tensor[]): Iterable<Tensor> {
  const isPair = tensors.length === 2 && tensors[0] !== tensors[1]
  return tensors.length < 2 || isPair ? tensors : new Set(tensors)
}

function describeOp(op: CostedOp, used: ReadonlySet<Tensor>, ownership: Ownership): OpDescription {
  const described: { -readonly [K in keyof OpDescription]: OpDescription[K] } = {
    name: op.name,
    type: op.type,
    flops: op.flops,
    matrixFlops: op.matrixFlops,
    bytesAccessed: op.bytesAccessed,
    outputs: op.outputs.filter((t) => used.has(t) || t.aliasOf !== undefined).map(describeOutput),
  }
  const module = op.module ?? firstModule(op.weights)
  const group = ownership.group.get(op)
  const parameterBytes = ownership.bytes.get(op)
  if (module) described.module = module
  if (op.type === 'Input') described.seconds = 0
  if (op.dtype) described.dtype = op.dtype
  if (parameterBytes) described.parameterBytes = parameterBytes
  if (group) described.colocationGroup = group
  if (op.unmodelled) described.unmodelled = op.unmodelled
  return described
}

function describeOutput(tensor: Tensor): OutputDescription {
  const { name, shape, aliasOf } = tensor
  const bytes = bytesOf(tensor)
  const dtype = dataType(tensor.type).name
  if (aliasOf !== undefined) return { name, bytes, shape, dtype, aliasOf: aliasOf?.name ?? null }
  return { name, bytes, shape, dtype }
}

function describeParameters(ownership: Ownership): ParameterDescription[] {
  return ownership.weights.map(({ weight, owner, readers }) => {
    const module = weightModule(weight.name) ?? owner.module
    return {
      name: weight.name,
      shape: weight.shape,
      dtype: dataType(weight.type).name,
      op: owner.name,
      ...(readers.length > 1 && { readers: readers.map(({ name }) => name).sort(compare) }),
      ...(module && { module }),
    }
  })
}

function firstModule(weights: readonly Weight[]): string | undefined {
  return weights
    .map((w) => weightModule(w.name))
    .filter((m) => m !== undefined)
    .sort(compare)[0]
}
