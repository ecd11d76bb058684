import { fail, nearNames } from '../../errors/index.js'
import { acyclicParts } from '../coarsen/acyclicParts.js'
import { matchingModule, modulesOf, numberedModule } from '../modules.js'
import type { ForwardGraph } from './forward.js'
import type { TrainingOptions } from './options.js'

/**
 * The segment of each op that is computed again, -1 for an op that keeps its outputs: the modules that match, each by itself, in parts
 * where contracting a module would make a cycle. Throws E100 for a pattern that matches nothing.
 */
export function recomputedSegments(
  { graph, inputs }: ForwardGraph,
  recompute: TrainingOptions['recompute'],
  where: string,
): Int32Array {
  const labels = new Int32Array(graph.ops.length).fill(-1)
  if (recompute === 'none' || recompute === undefined) return labels
  const modules = modulesOf(graph)
  const segments = new Map<string, number>()
  const unmatched = new Set(recompute === 'full' ? ['full'] : recompute)
  modules.forEach((module, op) => {
    const [segment, pattern] = segmentOf(module, recompute)
    if (segment === undefined) return
    unmatched.delete(pattern)
    // What reads nothing is an input of the model or drawn at random: not to be had again.
    if (inputs[op].length === 0) return
    if (!segments.has(segment)) segments.set(segment, segments.size)
    labels[op] = segments.get(segment)!
  })
  for (const pattern of unmatched) reportUnmatched(pattern, modules, where)
  const parts = acyclicParts(graph, labels)
  return labels.map((label, op) => (label < 0 ? -1 : parts[op]))
}

function segmentOf(module: string | undefined, recompute: 'full' | readonly string[]): [string | undefined, string] {
  if (module === undefined) return [undefined, '']
  if (recompute === 'full') return [numberedModule(module), 'full']
  for (const pattern of recompute) {
    const found = matchingModule(module, pattern)
    if (found !== undefined) return [found, pattern]
  }
  return [undefined, '']
}

function reportUnmatched(pattern: string, modules: readonly (string | undefined)[], where: string): never {
  const known = new Set(modules.filter((module) => module !== undefined))
  const near = nearNames(pattern, known)
  fail('E100', pattern === 'full' ? 'no module is numbered in a list, such as h.0' : `no module matches ${pattern}`, {
    where: `recompute of ${where}`,
    expected: near.length > 0 ? near.join(', ') : 'a module path, * for any part of it',
    fix: 'name modules: stowage inspect shows them',
  })
}
