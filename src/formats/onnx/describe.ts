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
    for (const tensor of new Set(op.inputs)) {
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

function describeOp(op: CostedOp, used: ReadonlySet<Tensor>, ownership: Ownership): OpDescription {
  const module = op.module ?? firstModule(op.weights)
  const group = ownership.group.get(op)
  const parameterBytes = ownership.bytes.get(op) ?? 0
  const isInput = op.type === 'Input'
  return {
    name: op.name,
    type: op.type,
    ...(module && { module }),
    ...(isInput && { seconds: 0 }),
    flops: op.flops,
    matrixFlops: op.matrixFlops,
    bytesAccessed: op.bytesAccessed,
    ...(op.dtype && { dtype: op.dtype }),
    ...(parameterBytes > 0 && { parameterBytes }),
    ...(group && { colocationGroup: group }),
    outputs: op.outputs.filter((t) => used.has(t) || t.aliasOf !== undefined).map(describeOutput),
    ...(op.unmodelled && { unmodelled: op.unmodelled }),
  }
}

function describeOutput(tensor: Tensor): OutputDescription {
  return {
    name: tensor.name,
    bytes: bytesOf(tensor),
    ...(tensor.shape && { shape: tensor.shape }),
    dtype: dataType(tensor.type).name,
    ...(tensor.aliasOf !== undefined && { aliasOf: tensor.aliasOf?.name ?? null }),
  }
}

function describeParameters(ownership: Ownership): ParameterDescription[] {
  return ownership.weights.map(({ weight, owner }) => {
    const module = weightModule(weight.name) ?? owner.module
    return {
      name: weight.name,
      shape: weight.shape,
      dtype: dataType(weight.type).name,
      op: owner.name,
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
