import { costTable } from '../../src/cost/index.js'
import {
  buildGraph,
  type EdgeDescription,
  type GraphDescription,
  type OpDescription,
  type OpGraph,
} from '../../src/graph/index.js'
import type { Cluster } from '../../src/hardware/index.js'
import { type SchedulingProblem, schedulingProblem } from '../../src/schedule/index.js'
import type { LoadedGraph } from '../../src/verbs/loadGraph.js'

/** An op of so many milliseconds with one output `NAME.out` of so many bytes (none: no output). */
export function op(
  name: string,
  milliseconds: number,
  bytes?: number,
  more: Partial<OpDescription> = {},
): OpDescription {
  const outputs = bytes === undefined ? {} : { outputs: [{ name: `${name}.out`, bytes }] }
  return { name, type: 'Op', seconds: milliseconds / 1000, ...outputs, ...more }
}

/** "a>b" carries a's output to b; "a-b" only orders. */
export function edges(...arrows: readonly string[]): EdgeDescription[] {
  return arrows.map((arrow) => {
    const [, from, kind, to] = /^([^>-]+)([>-])(.+)$/.exec(arrow)!
    return kind === '>' ? { from, to, output: `${from}.out` } : { from, to }
  })
}

export function graphOf(ops: readonly OpDescription[], ...arrows: readonly string[]): GraphDescription {
  return { name: 'graph', ops, edges: edges(...arrows) }
}

export function problemOf(
  description: GraphDescription | OpGraph,
  cluster: Cluster,
  limits: readonly number[] = cluster.devices.map((device) => device.memoryBytes),
): SchedulingProblem {
  const graph = 'topologicalOrder' in description ? description : buildGraph(description)
  return schedulingProblem(graph, cluster, costTable(graph, cluster), Float64Array.from(limits))
}

/** A description as the verbs take it. */
export function loaded(description: GraphDescription): LoadedGraph {
  const graph = buildGraph(description)
  return { graph, fileName: 'graph.json', format: 'stowage.graph', parameterElements: 0, warnings: [] }
}

/** Ticks of a problem that counts in picoseconds. */
export const ms = (milliseconds: number) => milliseconds * 1e9
