import type { OpGraph } from '../opGraph.js'
import { quotient } from './quotient.js'

/**
 * Splits labelled groups of ops into parts whose contraction leaves the graph acyclic, as few as is cheap. Returns the part of each op;
 * an op labelled -1 is a part by itself.
 *
 * Each op gets a level that never falls along an edge and rises whenever an edge leaves the label; parts are ops of one label and one
 * level. Every edge between parts then rises in level (an edge to the same label at another level can only rise), so there is no way back:
 *
 *     a1 -> b -> a2   levels 0, 1, 2: a is split in two        a1 -> a2 -> b   levels 0, 0, 1: a stays whole
 *
 * An op that only feeds its own group much later is lifted to it; then parts of one label are joined again where no path leads from one to the other through a third.
 */
export function acyclicParts(graph: OpGraph, labels: Int32Array): Int32Array {
  const levels = lift(graph, labels, earliest(graph, labels))
  const parts = new Int32Array(labels.length)
  const numbers = new Map<string, number>()
  let count = 0
  labels.forEach((label, op) => {
    const key = label < 0 ? undefined : `${label} ${levels[op]}`
    const known = key === undefined ? undefined : numbers.get(key)
    parts[op] = known ?? count++
    if (key !== undefined && known === undefined) numbers.set(key, parts[op])
  })
  return rejoin(graph, labels, levels, parts)
}

const isSame = (labels: Int32Array, a: number, b: number) => labels[a] >= 0 && labels[a] === labels[b]

function earliest({ topologicalOrder, outStart, edgeTo }: OpGraph, labels: Int32Array): Int32Array {
  const levels = new Int32Array(labels.length)
  for (const op of topologicalOrder)
    for (let e = outStart[op]; e < outStart[op + 1]; e++) {
      const least = levels[op] + (isSame(labels, op, edgeTo[e]) ? 0 : 1)
      if (levels[edgeTo[e]] < least) levels[edgeTo[e]] = least
    }
  return levels
}

function lift({ topologicalOrder, outStart, edgeTo }: OpGraph, labels: Int32Array, levels: Int32Array): Int32Array {
  for (const op of topologicalOrder.toReversed()) {
    let most = Number.POSITIVE_INFINITY
    let feedsOwn = false
    for (let e = outStart[op]; e < outStart[op + 1]; e++) {
      const isOwn = isSame(labels, op, edgeTo[e])
      feedsOwn ||= isOwn
      most = Math.min(most, levels[edgeTo[e]] - (isOwn ? 0 : 1))
    }
    if (feedsOwn) levels[op] = most
  }
  return levels
}

/** Edges looked at while joining, for each edge of the graph: a bound on the work, not on the clock. */
const workPerEdge = 40

function rejoin(graph: OpGraph, labels: Int32Array, levels: Int32Array, parts: Int32Array): Int32Array {
  const split = splitLabels(labels, levels, parts)
  if (split.length === 0) return parts
  const contracted = quotient(graph, parts)
  let work = workPerEdge * (graph.edgeTo.length + labels.length)
  for (const list of split) {
    const kept: number[] = []
    for (const part of list) {
      const into = kept.find((earlier) => {
        const { isApart, looked } = contracted.onlyDirectly(earlier, part, work)
        work -= looked
        return isApart
      })
      if (into === undefined) kept.push(part)
      else contracted.join(into, part)
    }
  }
  return parts.map((part) => contracted.find(part))
}

/** The parts of every label that has several, by level. */
function splitLabels(labels: Int32Array, levels: Int32Array, parts: Int32Array): number[][] {
  const byLabel = new Map<number, Map<number, number>>()
  labels.forEach((label, op) => {
    if (label < 0) return
    const levelOf = byLabel.get(label) ?? new Map<number, number>()
    byLabel.set(label, levelOf.set(parts[op], levels[op]))
  })
  return [...byLabel.values()]
    .filter((levelOf) => levelOf.size > 1)
    .map((levelOf) => [...levelOf].sort(([, a], [, b]) => a - b).map(([part]) => part))
}
