import type { OpGraph } from '../../graph/index.js'
import { type Arrows, arrowsOf, components, reversed } from './components.js'

/**
 * Which blocks come before which in a pipeline: a contiguous plan cuts a chain of ideals (sets closed under predecessors) of this order,
 * device after device. Blocks on a circle must share a device: they are one component.
 */
export interface PipelineOrder {
  readonly componentOf: Int32Array
  readonly count: number
  /** Between components, from lower numbers to higher ones. */
  readonly successors: Arrows
  readonly predecessors: Arrows
  /** Where the order alone does not keep the backward ops of a device together: does this set of components? */
  readonly keepsBackwardTogether?: (isInside: (component: number) => boolean) => boolean
}

/**
 * Forward and backward ops are contiguous each for themselves: forward edges give the order, and the backward ops follow their colocation group.
 * Backward edges give the order of groups that have no forward op, the way most other backward edges run (against the forward edges, in a
 * training graph that was differentiated). `isStrict`: all backward edges order, so that no set needs a check.
 * Source: Tarnawski et al. 2020, section 4 and appendix B.
 */
export function pipelineOrder(
  graph: OpGraph,
  blockOf: Int32Array,
  blockCount: number,
  isStrict: boolean,
): PipelineOrder {
  const phases = phasesApart(graph)
  const hasForward = new Uint8Array(blockCount)
  blockOf.forEach((block, op) => {
    if (!phases[op]) hasForward[block] = 1
  })
  const from: number[] = []
  const to: number[] = []
  const backward: [number, number][] = []
  for (let e = 0; e < graph.edgeFrom.length; e++) {
    const [u, v] = [graph.edgeFrom[e], graph.edgeTo[e]]
    const [a, b] = [blockOf[u], blockOf[v]]
    if (a === b || phases[u] !== phases[v]) continue
    if (phases[u]) backward.push([a, b])
    else {
      from.push(a)
      to.push(b)
    }
  }
  const sense = runsAgainst(blockCount, arrowsOf(blockCount, from, to), backward)
  const oriented = backward.map(([a, b]) => (sense ? [b, a] : [a, b]))
  for (const [a, b] of oriented) {
    if (!isStrict && hasForward[a] && hasForward[b]) continue
    from.push(a)
    to.push(b)
  }
  const arrows = arrowsOf(blockCount, from, to)
  const { of: componentOf, count } = components(blockCount, arrows)
  const successors = arrowsOf(
    count,
    from.map((a) => componentOf[a]),
    to.map((b) => componentOf[b]),
  )
  const order = { componentOf, count, successors, predecessors: reversed(count, successors) }
  if (isImplied(order, oriented)) return order
  return { ...order, keepsBackwardTogether: backwardCheck(graph, phases, blockOf, componentOf) }
}

/** 1 for ops after the forward pass; all 0 where one of them feeds the forward pass, which then cannot be told apart. */
function phasesApart(graph: OpGraph): Uint8Array {
  const phases = Uint8Array.from(graph.ops, ({ phase }) => (phase === undefined || phase === 'forward' ? 0 : 1))
  for (let e = 0; e < graph.edgeFrom.length; e++)
    if (phases[graph.edgeFrom[e]] > phases[graph.edgeTo[e]]) return phases.fill(0)
  return phases
}

/** Do most backward edges run against the forward order? */
function runsAgainst(blockCount: number, forward: Arrows, backward: readonly (readonly [number, number])[]): boolean {
  const { of } = components(blockCount, forward)
  let against = 0
  for (const [a, b] of backward) against += Math.sign(of[a] - of[b])
  return against >= 0
}

/** Above, reachability is not tabulated (8 MiB at this size), and sets are checked one by one. */
const mostTabulated = 8192

/** Is each of the block pairs already ordered so, or one component? */
function isImplied({ componentOf, count, successors }: PipelineOrder, pairs: readonly (readonly number[])[]): boolean {
  if (pairs.length === 0) return true
  if (count > mostTabulated) return false
  const words = (count + 31) >>> 5
  const reach = new Int32Array(count * words)
  for (let c = count - 1; c >= 0; c--) {
    reach[c * words + (c >>> 5)] |= 1 << (c & 31)
    for (let k = successors.start[c]; k < successors.start[c + 1]; k++)
      for (let w = 0; w < words; w++) reach[c * words + w] |= reach[successors.to[k] * words + w]
  }
  return pairs.every(([a, b]) => {
    const c = componentOf[b]
    return (reach[componentOf[a] * words + (c >>> 5)] >>> (c & 31)) & 1
  })
}

/** Does no path of backward ops leave the set and come back? */
function backwardCheck(graph: OpGraph, phases: Uint8Array, blockOf: Int32Array, componentOf: Int32Array) {
  const seen = new Int32Array(graph.ops.length)
  const stack: number[] = []
  let stamp = 0
  return (isInside: (component: number) => boolean): boolean => {
    stamp++
    stack.length = 0
    const inside = (op: number) => isInside(componentOf[blockOf[op]])
    const pushFrom = (op: number, fromInside: boolean): boolean => {
      for (let e = graph.outStart[op]; e < graph.outStart[op + 1]; e++) {
        const next = graph.edgeTo[e]
        if (inside(next)) {
          if (!fromInside) return false
        } else if (seen[next] !== stamp) {
          seen[next] = stamp
          stack.push(next)
        }
      }
      return true
    }
    for (let op = 0; op < phases.length; op++) if (phases[op] && inside(op)) pushFrom(op, true)
    while (stack.length > 0) if (!pushFrom(stack.pop()!, false)) return false
    return true
  }
}
