import { buildGraph } from '../buildGraph.js'
import type { GraphDescription } from '../description.js'
import { acyclicParts } from './acyclicParts.js'
import type { Coarsening, CoarsenOptions } from './coarsening.js'
import { contract } from './contract.js'
import { type Labels, labelsBy } from './labels.js'

/**
 * Contracts groups of ops to single ops, so that a planner sees blocks instead of kernels: by module, by colocation group, or along
 * chains. Only ops of one phase and of the same allowed devices go together. A group whose contraction would make a cycle is split.
 *
 * Pre: free ops are folded.
 * Post: acyclic; FLOPs, bytes, parameters and measured seconds are those of the members; every op is in one coarse op; a placement of the
 * coarse graph that keeps its colocation groups together keeps those of the fine graph together.
 */
export function coarsen(description: GraphDescription, options: CoarsenOptions, where = description.name): Coarsening {
  const graph = buildGraph(description, where)
  const labels = labelsBy(graph, options)
  return contract(graph, acyclicParts(graph, numberLabels(labels)), labels, options)
}

/** A label that one op alone bears is none. */
function numberLabels(labels: Labels): Int32Array {
  const numbers = new Map<string, number>()
  const uses: number[] = []
  const numbered = Int32Array.from(labels, (label) => {
    if (label === undefined) return -1
    const number = numbers.get(label.key) ?? numbers.size
    numbers.set(label.key, number)
    uses[number] = (uses[number] ?? 0) + 1
    return number
  })
  return numbered.map((number) => (uses[number] > 1 ? number : -1))
}
