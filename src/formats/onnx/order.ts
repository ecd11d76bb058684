import { Problems } from '../../errors/index.js'
import type { Graph, Node } from './model.js'

/**
 * Orders the nodes of one graph so that each follows what it reads. Files are usually ordered already.
 *
 * Pre: `isKnown` tells the names that exist before the first node runs (inputs, initializers, outer scopes), `isTaken` those of this very graph.
 * Post: a permutation of `nodes`; every name read is known or was made before. A cycle is E201, a name made twice E202, a missing one E203.
 */
export function orderNodes(
  nodes: readonly Node[],
  names: readonly string[],
  isKnown: (name: string) => boolean,
  isTaken: (name: string) => boolean,
): readonly number[] {
  const problems = new Problems()
  const maker = findMakers(nodes, names, isTaken, problems)
  const reads = nodes.map(namesRead)
  let isOrdered = true
  reads.forEach((list, i) => {
    for (const name of list) {
      const by = maker.get(name)
      if (by === undefined) {
        if (!isKnown(name))
          problems.add('E203', `node ${names[i]} reads ${name}, which nothing makes`, {
            where: `node ${names[i]}`,
            expected: 'an input, an initializer or the output of a node',
          })
      } else if (by >= i) isOrdered = false
    }
  })
  problems.throwIfAny()
  if (isOrdered) return nodes.map((_, i) => i)
  return sort(nodes.length, reads, maker, names)
}

function findMakers(
  nodes: readonly Node[],
  names: readonly string[],
  isTaken: (name: string) => boolean,
  problems: Problems,
): Map<string, number> {
  const maker = new Map<string, number>()
  nodes.forEach((node, i) => {
    for (const name of node.outputs) {
      if (name === '') continue
      if (maker.has(name) || isTaken(name))
        problems.add('E202', `tensor ${name} is made twice`, {
          where: `node ${names[i]}`,
          found: maker.has(name)
            ? `node ${names[maker.get(name)!]} makes it too`
            : 'an input or initializer has this name',
        })
      maker.set(name, i)
    }
  })
  return maker
}

function sort(
  count: number,
  reads: readonly (readonly string[])[],
  maker: ReadonlyMap<string, number>,
  names: readonly string[],
): number[] {
  const waiting = new Int32Array(count)
  const readers: number[][] = Array.from({ length: count }, () => [])
  reads.forEach((list, i) => {
    for (const by of new Set(list.flatMap((name) => maker.get(name) ?? []))) {
      waiting[i]!++
      readers[by]!.push(i)
    }
  })
  const order: number[] = []
  for (let i = 0; i < count; i++) if (waiting[i] === 0) order.push(i)
  for (let at = 0; at < order.length; at++)
    for (const reader of readers[order[at]!]!) if (--waiting[reader]! === 0) order.push(reader)
  if (order.length < count) reportCycle(waiting, reads, maker, names)
  return order
}

/** Every node left waiting reads from another one left waiting, so walking backwards must come round. */
function reportCycle(
  waiting: Int32Array,
  reads: readonly (readonly string[])[],
  maker: ReadonlyMap<string, number>,
  names: readonly string[],
): never {
  const path: number[] = []
  const seenAt = new Map<number, number>()
  let at = waiting.findIndex((n) => n > 0)
  while (!seenAt.has(at)) {
    seenAt.set(at, path.length)
    path.push(at)
    at = reads[at]!.map((name) => maker.get(name)).find((by) => by !== undefined && waiting[by]! > 0)!
  }
  const cycle = path.slice(seenAt.get(at)).reverse()
  const shown = cycle.slice(0, 10).map((i) => names[i])
  const problems = new Problems()
  problems.add(
    'E201',
    `the nodes ${shown.join(' -> ')}${cycle.length > 10 ? ' -> ...' : ''} -> ${shown[0]} depend on themselves`,
    {
      where: `node ${shown[0]}`,
      found: `a cycle of ${cycle.length} nodes`,
    },
  )
  problems.throwIfAny()
  throw problems
}

const freeNamesOf = new WeakMap<Graph, ReadonlySet<string>>()

function namesRead(node: Node): readonly string[] {
  const direct = node.inputs.includes('') ? node.inputs.filter(Boolean) : node.inputs
  if (!node.attributes.some((a) => a.graph)) return direct
  return [...direct, ...node.attributes.flatMap((a) => (a.graph ? [...freeNames(a.graph)] : []))]
}

/** The names that a subgraph takes from around it. */
export function freeNames(graph: Graph): ReadonlySet<string> {
  const known = freeNamesOf.get(graph)
  if (known) return known
  const own = new Set([...graph.inputs, ...graph.initializers].map((v) => v.name))
  for (const node of graph.nodes) for (const name of node.outputs) own.add(name)
  const free = new Set<string>()
  for (const node of graph.nodes) for (const name of namesRead(node)) if (!own.has(name)) free.add(name)
  for (const output of graph.outputs) if (output.name && !own.has(output.name)) free.add(output.name)
  freeNamesOf.set(graph, free)
  return free
}
