import type { EdgeDescription, GraphDescription, OpDescription, OutputDescription } from './description.js'

/**
 * Folds what costs nothing: views (an output that is another tensor looked at differently) and constants known at import.
 * A view's consumers read the tensor behind it, a constant's consumers lose that input, and ops left without a real output,
 * time, work and bytes of their own disappear. Control edges through a folded op are carried over to its successors.
 *
 * Pre: aliases form no cycle among themselves (a cycle is left as it is, for `buildGraph` to report).
 * Post: no output has `aliasOf`; every other op, tensor and dependency is kept.
 */
export function foldFreeOps(description: GraphDescription): GraphDescription {
  const outputs = new Map<string, { op: OpDescription; output: OutputDescription }>()
  for (const op of description.ops) for (const output of op.outputs ?? []) outputs.set(output.name, { op, output })
  const roots = resolveRoots(outputs)
  const isFolded = new Set(description.ops.filter((op) => isFree(op, roots)).map((op) => op.name))
  if (isFolded.size === 0 && roots.size === 0) return description

  const kept = description.ops
    .filter((op) => !isFolded.has(op.name))
    .map((op) =>
      op.outputs?.some((o) => roots.has(o.name))
        ? { ...op, outputs: op.outputs.filter((o) => !roots.has(o.name)) }
        : op,
    )
  return { ...description, ops: kept, edges: rerouteEdges(description, outputs, roots, isFolded) }
}

type OutputTable = ReadonlyMap<string, { op: OpDescription; output: OutputDescription }>
/** View or constant -> the real tensor behind it, null for a constant. */
type Roots = ReadonlyMap<string, string | null>

function resolveRoots(outputs: OutputTable): Roots {
  const roots = new Map<string, string | null>()
  for (const name of outputs.keys()) {
    const chain: string[] = []
    let at: string | null | undefined = name
    while (typeof at === 'string' && !roots.has(at) && chain.length <= outputs.size) {
      const next: string | null | undefined = outputs.get(at)?.output.aliasOf
      if (next === undefined) break
      chain.push(at)
      at = next
    }
    if (chain.length > outputs.size) continue
    // A view of a tensor that no op makes (a weight) carries nothing between ops.
    const root = typeof at !== 'string' ? null : roots.has(at) ? roots.get(at)! : outputs.has(at) ? at : null
    for (const link of chain) roots.set(link, root)
  }
  return roots
}

function isFree(op: OpDescription, roots: Roots): boolean {
  const outputs = op.outputs ?? []
  const works = op.seconds !== undefined && op.seconds !== 0
  const weighs = (op.flops ?? 0) + (op.parameterBytes ?? 0) + (op.temporaryBytes ?? 0) > 0
  return outputs.length > 0 && !works && !weighs && outputs.every((o) => roots.has(o.name))
}

function rerouteEdges(
  description: GraphDescription,
  outputs: OutputTable,
  roots: Roots,
  isFolded: ReadonlySet<string>,
): EdgeDescription[] {
  const edges: EdgeDescription[] = []
  const intoFolded = new Map<string, EdgeDescription[]>()
  const outOfFolded = new Map<string, Set<string>>()
  for (const edge of description.edges) {
    if (isFolded.has(edge.to)) append(intoFolded, edge.to, edge)
    if (isFolded.has(edge.from)) {
      if (!outOfFolded.has(edge.from)) outOfFolded.set(edge.from, new Set())
      outOfFolded.get(edge.from)!.add(edge.to)
    }
    if (isFolded.has(edge.to)) continue
    const root = edge.output === undefined ? undefined : roots.get(edge.output)
    if (typeof root === 'string') {
      const { op, output } = outputs.get(root)!
      edges.push({ from: op.name, to: edge.to, output: root, bytes: output.bytes })
    } else if (root === undefined && !isFolded.has(edge.from)) edges.push(edge)
  }
  for (const [folded, inputs] of intoFolded)
    for (const input of inputs) if (input.output === undefined) bridge(input.from, folded, outOfFolded, isFolded, edges)
  return edges
}

/** What had to wait for a folded op now waits for the op that the folded one waited for. */
function bridge(
  from: string,
  folded: string,
  outOfFolded: ReadonlyMap<string, ReadonlySet<string>>,
  isFolded: ReadonlySet<string>,
  edges: EdgeDescription[],
): void {
  if (isFolded.has(from)) return
  const seen = new Set([folded])
  for (const op of seen) {
    for (const to of outOfFolded.get(op) ?? []) {
      if (isFolded.has(to)) seen.add(to)
      else edges.push({ from, to })
    }
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
