import type { EdgeDescription, GraphDescription, OpDescription, OutputDescription } from './description.js'

/**
 * Folds what costs nothing: views (an output that is another tensor looked at differently) and constants known at import.
 * A view's consumers read the tensor behind it, a constant's consumers lose that input, and ops left without a real output,
 * time, work and bytes of their own disappear. What else a folded op waited for (control edges, a view's other inputs) its successors wait for.
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
  const parameters = description.parameters?.map((each) =>
    each.readers?.some((op) => isFolded.has(op))
      ? { ...each, readers: each.readers.filter((op) => !isFolded.has(op)) }
      : each,
  )
  return { ...description, ops: kept, edges: rerouteEdges(description, outputs, roots, isFolded), parameters }
}

type OutputTable = ReadonlyMap<string, { op: OpDescription; output: OutputDescription }>
/** View or constant -> the real tensor behind it, null for a constant. */
type Roots = ReadonlyMap<string, string | null>

function resolveRoots(outputs: OutputTable): Roots {
  const roots = new Map<string, string | null>()
  const settled = new Set<string>()
  for (const name of outputs.keys()) {
    const chain = new Set<string>()
    let at: string | null | undefined = name
    while (typeof at === 'string' && !settled.has(at) && !chain.has(at)) {
      const next: string | null | undefined = outputs.get(at)?.output.aliasOf
      if (next === undefined) break
      chain.add(at)
      at = next
    }
    for (const link of chain) settled.add(link)
    const root = rootAt(at, outputs, roots, settled)
    if (root !== undefined) for (const link of chain) roots.set(link, root)
  }
  return roots
}

/** What a chain of views that ended at this name looks at; undefined when it runs in a circle. A tensor that no op makes (a weight) carries nothing between ops. */
function rootAt(at: string | null | undefined, outputs: OutputTable, roots: Roots, settled: ReadonlySet<string>) {
  if (typeof at !== 'string' || !outputs.has(at)) return null
  return settled.has(at) ? roots.get(at) : at
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
  const into: EdgeDescription[] = []
  const outOf = new Map<string, EdgeDescription[]>()
  for (const edge of description.edges) {
    if (isFolded.has(edge.to)) into.push(edge)
    if (isFolded.has(edge.from)) append(outOf, edge.from, edge)
    if (isFolded.has(edge.to)) continue
    const root = edge.output === undefined ? undefined : roots.get(edge.output)
    if (typeof root === 'string') {
      const { op, output } = outputs.get(root)!
      edges.push({ from: op.name, to: edge.to, output: root, bytes: output.bytes })
      if (!isFolded.has(edge.from)) edges.push({ from: edge.from, to: edge.to })
    } else if (root === undefined && !isFolded.has(edge.from)) edges.push(edge)
  }
  const looksAt = new Map(
    description.ops.map((op) => [op.name, op.outputs?.map((output) => roots.get(output.name)) ?? []]),
  )
  for (const edge of into) {
    const isControl = edge.output === undefined
    const root = isControl ? undefined : (roots.get(edge.output!) ?? (roots.has(edge.output!) ? null : edge.output))
    if (root === null || (root !== undefined && looksAt.get(edge.to)!.includes(root))) continue
    const from = root === undefined ? edge.from : outputs.get(root)!.op.name
    if (!isFolded.has(from))
      bridge(from, edge.to, (each) => isControl || isCarrying(each, roots), outOf, isFolded, edges)
  }
  return edges
}

/** A constant is there before the step: its readers wait for nothing that it was made of. */
function isCarrying({ output }: EdgeDescription, roots: Roots): boolean {
  return output === undefined || roots.get(output) !== null
}

/** What had to wait for a folded op now waits for the op that the folded one waited for. */
function bridge(
  from: string,
  folded: string,
  follows: (edge: EdgeDescription) => boolean,
  outOf: ReadonlyMap<string, readonly EdgeDescription[]>,
  isFolded: ReadonlySet<string>,
  edges: EdgeDescription[],
): void {
  const seen = new Set([folded])
  for (const op of seen) {
    for (const edge of outOf.get(op) ?? []) {
      if (!follows(edge)) continue
      if (isFolded.has(edge.to)) seen.add(edge.to)
      else edges.push({ from, to: edge.to })
    }
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
