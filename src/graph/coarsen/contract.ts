import type { EdgeDescription, OpDescription } from '../description.js'
import type { OpGraph } from '../opGraph.js'
import type { Coarsening, CoarsenOptions } from './coarsening.js'
import type { Labels } from './labels.js'
import { mergeGroups } from './mergeGroups.js'
import { mergeOps } from './mergeOps.js'

/** Contracts the parts, whose quotient is acyclic. A part of one op stays the op it is. */
export function contract(graph: OpGraph, parts: Int32Array, labels: Labels, { secondsOf }: CoarsenOptions): Coarsening {
  const membersOf = new Map<number, number[]>()
  for (const op of graph.topologicalOrder) {
    const list = membersOf.get(parts[op])
    if (list) list.push(op)
    else membersOf.set(parts[op], [op])
  }
  const groups = mergeGroups(graph, parts)
  const names = nameParts(graph, membersOf, labels)
  const ops = [...membersOf].map(([part, members]) => {
    const group = groups.get(part)
    const merged: OpDescription =
      members.length === 1
        ? withSeconds(graph.ops[members[0]], secondsOf)
        : mergeOps(graph, members, parts, names.get(part)!, secondsOf ?? ((op) => op.seconds))
    return group === undefined ? merged : { ...merged, colocationGroup: group }
  })
  const coarseOf = new Map(graph.ops.map((op, i) => [op.name, names.get(parts[i])!]))
  return {
    graph: {
      name: graph.name,
      ops,
      edges: crossingEdges(graph, parts, names),
      parameters: graph.parameters.map(({ readers, ...each }) => {
        const blocks = [...new Set(readers?.flatMap((op) => coarseOf.get(op) ?? []))]
        return {
          ...each,
          ...(each.op !== undefined && { op: coarseOf.get(each.op) }),
          ...(blocks.length > 1 && { readers: blocks }),
        }
      }),
    },
    coarseOf,
    members: new Map(
      [...membersOf].map(([part, members]) => [names.get(part)!, members.map((op) => graph.ops[op].name)]),
    ),
  }
}

function withSeconds(op: OpDescription, secondsOf: CoarsenOptions['secondsOf']): OpDescription {
  const seconds = secondsOf?.(op)
  return seconds === undefined ? op : { ...op, seconds }
}

/** Single ops keep their name; parts are called after their label, the second one "label#2". */
function nameParts(
  graph: OpGraph,
  membersOf: ReadonlyMap<number, readonly number[]>,
  labels: Labels,
): Map<number, string> {
  const names = new Map<number, string>()
  const used = new Set<string>()
  for (const [part, members] of membersOf) {
    if (members.length > 1) continue
    names.set(part, graph.ops[members[0]].name)
    used.add(graph.ops[members[0]].name)
  }
  const count = new Map<string, number>()
  for (const [part, members] of membersOf) {
    if (members.length === 1) continue
    const label = labels[members[0]]!.name
    const number = (count.get(label) ?? 0) + 1
    count.set(label, number)
    let name = number === 1 ? label : `${label}#${number}`
    while (used.has(name)) name += "'"
    names.set(part, name)
    used.add(name)
  }
  return names
}

function crossingEdges(graph: OpGraph, parts: Int32Array, names: ReadonlyMap<number, string>): EdgeDescription[] {
  const { edgeFrom, edgeTo, edgeTensor, tensorNames, tensorBytes } = graph
  const edges: EdgeDescription[] = []
  // What each part has sent where already.
  const seen = new Map<number, Set<number>>()
  for (let e = 0; e < edgeTo.length; e++) {
    const [from, to, tensor] = [parts[edgeFrom[e]], parts[edgeTo[e]], edgeTensor[e]]
    if (from === to) continue
    const reached = seen.get(from) ?? new Set()
    seen.set(from, reached)
    const key = to * (tensorNames.length + 1) + tensor + 1
    if (reached.has(key)) continue
    reached.add(key)
    const ends = { from: names.get(from)!, to: names.get(to)! }
    edges.push(tensor < 0 ? ends : { ...ends, output: tensorNames[tensor], bytes: tensorBytes[tensor] })
  }
  return edges
}
