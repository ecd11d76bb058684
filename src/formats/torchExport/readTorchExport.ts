import { fail, Problems } from '../../errors/index.js'
import type { GraphDescription, OpDescription, OutputDescription } from '../../graph/index.js'
import { fieldChecker } from '../fields.js'
import { type FxNode, readNodes, refOf, type TensorMeta } from './nodes.js'
import { arithmeticOf } from './operators.js'
import { ownParameters } from './parameters.js'
import { backwardNodes } from './phases.js'
import { sizes } from './symbols.js'
import { type Tensors, tensorsOf } from './tensors.js'

export interface TorchExportOptions {
  readonly name: string
  readonly bind: ReadonlyMap<string, number>
}

/**
 * A graph of torch.export written as JSON: nodes { name, op, target, args, kwargs, meta, module } with references { "ref": node } in their
 * arguments. Every operator that makes a tensor becomes an op, views with `aliasOf` for `foldFreeOps`; placeholders become parameters.
 */
export function readTorchExport(
  value: unknown,
  where: string,
  { name, bind }: TorchExportOptions,
): { readonly description: GraphDescription; readonly warnings: readonly string[] } {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const root = check.record(value) ?? {}
  const dimensions = sizes(bind)
  const nodes = readNodes(check.array(root.nodes, 'nodes'), dimensions, check, problems)
  problems.throwIfAny()
  dimensions.throwIfUnbound(where)
  if (nodes.size === 0) fail('E206', `${where} has no nodes`, { where: `${where}#/nodes` })

  const tensors = tensorsOf(nodes)
  const backward = backwardNodes(nodes, root.outputs)
  const ownership = ownParameters(nodes, tensors)
  const ops: OpDescription[] = []
  for (const node of nodes.values()) {
    if (!tensors.isOp(node)) continue
    const phase = backward.has(node.name) ? 'backward' : 'forward'
    ops.push({ ...describeOp(node, nodes, tensors), phase, ...ownership.ofOp(node.name) })
  }
  const unused = ownership.unused
  return {
    description: { name, ops, edges: tensors.edges, parameters: ownership.parameters },
    warnings: [
      ...(unused.length
        ? [
            `${unused.length} parameters are read by no op (other names of tied weights, or dead): ${unused.slice(0, 4).join(', ')}`,
          ]
        : []),
      ...[...bind.keys()]
        .filter((symbol) => !dimensions.has(symbol))
        .map((symbol) => `--bind ${symbol}: the graph has no such dimension`),
    ],
  }
}

function describeOp(node: FxNode, nodes: ReadonlyMap<string, FxNode>, tensors: Tensors): OpDescription {
  const outputs = node.outputs.map((meta, k): OutputDescription => {
    const alias = tensors.aliasOf(node, k)
    return {
      name: tensors.outputName(node, k),
      bytes: meta.bytes,
      shape: meta.shape,
      dtype: meta.type.name,
      ...(alias !== undefined && { aliasOf: alias }),
    }
  })
  const base = { name: node.name, type: `aten.${node.operator}`, ...(node.module && { module: node.module }), outputs }
  if (outputs.every((output) => output.aliasOf !== undefined)) return base
  const metaOf = (argument: unknown) => {
    const ref = refOf(argument)
    return ref === undefined ? undefined : nodes.get(ref)?.outputs[0]
  }
  const { flops, matrixFlops, readBytes, unmodelled } = arithmeticOf(node, metaOf)
  const inputs = [...new Set(node.refs)].flatMap((ref) => nodes.get(ref)!.outputs)
  const total = (metas: readonly TensorMeta[]) => metas.reduce((sum, meta) => sum + meta.bytes, 0)
  const arithmetic = node.operator === '_int_mm' ? 'int8' : (inputs.find(isFloat) ?? node.outputs[0]).type.arithmetic
  return {
    ...base,
    flops,
    matrixFlops,
    bytesAccessed: (readBytes ?? total(inputs)) + total(node.outputs),
    dtype: arithmetic,
    ...(unmodelled && { unmodelled }),
  }
}

function isFloat({ type }: TensorMeta): boolean {
  return /^(fp|bf)/.test(type.name)
}
