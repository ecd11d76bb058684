import { matchingModule, modulesOf, numberedModule } from '../modules.js'
import type { OpGraph } from '../opGraph.js'
import type { CoarsenOptions } from './coarsening.js'

/** Ops with one key go together; `name` is for people. */
export interface Label {
  readonly key: string
  readonly name: string
}

/** The label of each op; an op without one stays alone. */
export type Labels = readonly (Label | undefined)[]

export function labelsBy(graph: OpGraph, options: CoarsenOptions): Labels {
  const names = namesBy(graph, options)
  return graph.ops.map(({ phase = 'forward', deviceKinds }, op) => {
    const name = names[op]
    if (name === undefined) return undefined
    return {
      key: JSON.stringify([name, phase, deviceKinds?.toSorted() ?? null]),
      name: phase === 'forward' ? name : `${name}.${phase}`,
    }
  })
}

function namesBy(graph: OpGraph, options: CoarsenOptions): (string | undefined)[] {
  if (options.by === 'colocation') return graph.ops.map(({ colocationGroup }) => colocationGroup)
  if (options.by === 'chain') return Array.from(chainHeads(graph), (head) => graph.ops[head].name)
  const { depth, patterns } = options
  return modulesOf(graph).map((module) => {
    if (module === undefined) return undefined
    if (patterns) return patterns.map((pattern) => matchingModule(module, pattern)).find((found) => found !== undefined)
    return depth === undefined ? (numberedModule(module) ?? module) : module.split('.').slice(0, depth).join('.')
  })
}

/** The first op of each op's chain: links are edges whose ends have no other successor and no other predecessor. */
function chainHeads({ ops, topologicalOrder, outStart, edgeTo, inStart, inEdge, edgeFrom }: OpGraph): Int32Array {
  const onlySuccessor = (op: number) => only(outStart[op], outStart[op + 1], (e) => edgeTo[e])
  const onlyPredecessor = (op: number) => only(inStart[op], inStart[op + 1], (k) => edgeFrom[inEdge[k]])
  const heads = Int32Array.from(ops, (_, op) => op)
  for (const op of topologicalOrder) {
    const before = onlyPredecessor(op)
    if (before >= 0 && onlySuccessor(before) === op && isAlike(ops[before], ops[op])) heads[op] = heads[before]
  }
  return heads
}

/** The one value that stands there, -1 when there are several or none. */
function only(start: number, end: number, at: (k: number) => number): number {
  for (let k = start + 1; k < end; k++) if (at(k) !== at(start)) return -1
  return start < end ? at(start) : -1
}

function isAlike(a: OpGraph['ops'][number], b: OpGraph['ops'][number]): boolean {
  const kinds = (op: typeof a) => op.deviceKinds && JSON.stringify(op.deviceKinds.toSorted())
  return (a.phase ?? 'forward') === (b.phase ?? 'forward') && kinds(a) === kinds(b)
}
