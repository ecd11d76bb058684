import { buildGraph, type GraphDescription, type OpDescription } from '../../../src/graph/index.js'
import { completeOrder, memoryPeaks, opOrder, replay } from '../../../src/schedule/index.js'
import { oneHost } from '../../helpers/clusters.js'
import { problemOf } from '../../helpers/graphs.js'

export const named = ({ ops }: GraphDescription, name: string): OpDescription => {
  const found = ops.find((op) => op.name === name)
  if (!found) throw new Error(`no op ${name} among ${ops.map((op) => op.name).join(', ')}`)
  return found
}

/** Tensors and ops ("~name") that an op waits for, sorted. */
export function readsOf({ edges }: GraphDescription, name: string): string[] {
  return edges
    .filter((edge) => edge.to === name)
    .map(({ from, output }) => output ?? `~${from}`)
    .sort()
}

/** Bytes of forward tensors that backward ops read. */
export function keptBytes({ ops, edges }: GraphDescription): number {
  const phase = new Map(ops.map((op) => [op.name, op.phase]))
  const bytes = new Map(ops.flatMap((op) => (op.outputs ?? []).map((output) => [output.name, output.bytes] as const)))
  const kept = edges.filter(
    ({ from, to, output }) => output && phase.get(from) === 'forward' && phase.get(to) === 'backward',
  )
  return [...new Set(kept.map(({ output }) => output!))].reduce((sum, name) => sum + bytes.get(name)!, 0)
}

export function total({ ops }: GraphDescription, of: (op: OpDescription) => number | undefined): number {
  return ops.reduce((sum, op) => sum + (of(op) ?? 0), 0)
}

/** Peak bytes of the step on one device of ample memory, in the order that FORMATS completes a map to. */
export function peakBytes(description: GraphDescription): number {
  const graph = buildGraph(description)
  const problem = problemOf(graph, oneHost(1))
  const deviceOf = new Int32Array(graph.ops.length)
  return memoryPeaks(problem, replay(problem, deviceOf, opOrder(completeOrder(problem, deviceOf))))[0]
}
