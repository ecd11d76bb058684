import type { EdgeDescription } from '../../graph/index.js'
import type { FxNode } from './nodes.js'
import { refOf } from './nodes.js'
import { isView } from './views.js'

/** Which tensor stands behind every name of the graph, and who reads it. */
export interface Tensors {
  readonly edges: readonly EdgeDescription[]
  /** An operator that makes a tensor, a view included; others only talk about sizes or check them. */
  isOp(node: FxNode): boolean
  outputName(node: FxNode, output: number): string
  /** The tensor that an output is a view of, null where no op makes it, undefined where the output is a tensor of its own. */
  aliasOf(node: FxNode, output: number): string | null | undefined
  /** The node whose tensor a node's first output looks at, through all views: a placeholder or an op. */
  rootOf(name: string): FxNode
}

/**
 * Follows views to what they look at. An operator in place (relu_) makes a tensor anew, for outputs never alias inputs (FORMATS); whoever
 * reads the old tensor or a view of it later reads the new one.
 */
export function tensorsOf(nodes: ReadonlyMap<string, FxNode>): Tensors {
  const roots = new Map<string, FxNode>()
  const sources = new Map<FxNode, FxNode>()
  const isOp = (node: FxNode) => !node.isPlaceholder && node.outputs.length > 0
  const sourceOf = (node: FxNode) => {
    const first = nodes.get(refOf(node.args[0]) ?? '')
    return first && isOp(node) && isView(node, first.outputs[0]) ? first : undefined
  }
  for (const node of nodes.values()) {
    const source = sourceOf(node)
    if (source) sources.set(node, source)
  }
  // The outputs of an operator are tensors of their own, each taken by a getitem.
  const behind = (node: FxNode) => {
    const source = sources.get(node)
    return node.operator === 'getitem' && source?.makesList && !sources.has(source) ? undefined : source
  }
  const rootOf = (name: string): FxNode => {
    const chain: string[] = []
    let at = nodes.get(name)!
    // A circle of views is cut anywhere: `buildGraph` reports it.
    for (let next = behind(at); next && !roots.has(at.name) && chain.length <= nodes.size; next = behind(at)) {
      chain.push(at.name)
      at = next
    }
    const root = roots.get(at.name) ?? at
    for (const link of chain) roots.set(link, root)
    return root
  }
  const outputName = (node: FxNode, k: number) => (node.makesList ? `${node.name}.${k}` : node.name)
  const aliasOf = (node: FxNode, k: number) => {
    const source = sources.get(node)
    if (!source) return undefined
    if (!isOp(source)) return null
    const index = node.operator === 'getitem' && typeof node.args[1] === 'number' ? node.args[1] : k
    return outputName(source, source.makesList ? Math.min(Math.max(0, index), source.outputs.length - 1) : 0)
  }
  return { isOp, outputName, aliasOf, rootOf, edges: edgesOf(nodes, sources, { isOp, outputName, rootOf }) }
}

function edgesOf(
  nodes: ReadonlyMap<string, FxNode>,
  views: ReadonlyMap<FxNode, FxNode>,
  { isOp, outputName, rootOf }: Pick<Tensors, 'isOp' | 'outputName' | 'rootOf'>,
): EdgeDescription[] {
  const edges: EdgeDescription[] = []
  const rewritten = new Map<FxNode, FxNode>()
  for (const node of nodes.values()) {
    if (!isOp(node)) continue
    for (const ref of new Set(node.refs)) {
      const read = nodes.get(ref)!
      const from = rewritten.get(rootOf(ref)) ?? read
      if (!isOp(from) || from === node) continue
      const single = node.operator === 'getitem' && typeof node.args[1] === 'number' ? node.args[1] : undefined
      from.outputs.forEach((meta, k) => {
        if (single === undefined || from !== read || single === k)
          edges.push({ from: from.name, to: node.name, output: outputName(from, k), bytes: meta.bytes })
      })
    }
    const target = refOf(node.args[0])
    if (target !== undefined && isInPlace(node) && !views.has(node)) rewritten.set(rootOf(target), node)
  }
  return edges
}

/** aten marks operators in place by a trailing underscore (relu_), Python's own by two (__and__). */
function isInPlace({ operator }: FxNode): boolean {
  return /[a-z0-9]_$/.test(operator) && !operator.startsWith('__')
}
