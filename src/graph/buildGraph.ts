import { Problems } from '../errors/index.js'
import { checkDescription, type NameTables } from './checkDescription.js'
import type { GraphDescription, OpDescription } from './description.js'
import type { OpGraph } from './opGraph.js'
import { findCycle, topologicalOrder } from './topologicalOrder.js'

/**
 * Checks a description and numbers it. `where` leads error messages (file name).
 * Throws a UserError with every problem found: E202 duplicate names, E203 missing ops or outputs, E204 impossible numbers,
 * E205 edges that disagree with their output, E201 a cycle (named).
 */
export function buildGraph(description: GraphDescription, where = description.name): OpGraph {
  const problems = new Problems()
  const ops = sortedByName(description.ops)
  const tables = numberNames(ops)
  checkDescription(description, tables, where, problems)
  problems.throwIfAny()

  const edges = sortEdges(description, tables, ops.length)
  const outStart = countStarts(edges.from, ops.length)
  const order = topologicalOrder({ opCount: ops.length, outStart, edgeTo: edges.to })
  if (order.length < ops.length) reportCycle(ops, outStart, edges.to, where, problems)

  const groups = numberGroups(ops)
  return {
    name: description.name,
    ops,
    opNumber: tables.opNumber,
    parameters: [...(description.parameters ?? [])].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    tensorNames: tables.tensorNames,
    ...tensorColumns(ops, tables, edges),
    edgeFrom: edges.from,
    edgeTo: edges.to,
    edgeTensor: edges.tensor,
    outStart,
    ...rowsByTarget(edges.to, ops.length),
    parameterBytes: Float64Array.from(ops, (op) => op.parameterBytes ?? 0),
    temporaryBytes: Float64Array.from(ops, (op) => op.temporaryBytes ?? 0),
    groupOf: groups.of,
    groupNames: groups.names,
    topologicalOrder: order,
  }
}

function sortedByName(ops: readonly OpDescription[]): readonly OpDescription[] {
  for (let i = 1; i < ops.length; i++)
    if (ops[i - 1].name > ops[i].name) return [...ops].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return ops
}

function numberNames(ops: readonly OpDescription[]): NameTables {
  const opNumber = new Map<string, number>()
  ops.forEach((op, i) => {
    opNumber.set(op.name, i)
  })
  const tensorNames = ops.flatMap((op) => op.outputs?.map((output) => output.name) ?? []).sort()
  const tensorNumber = new Map<string, number>()
  tensorNames.forEach((name, t) => {
    tensorNumber.set(name, t)
  })
  const tensorProducer = new Int32Array(tensorNames.length)
  const tensorBytes = new Float64Array(tensorNames.length)
  ops.forEach((op, i) => {
    for (const output of op.outputs ?? []) {
      const t = tensorNumber.get(output.name)!
      tensorProducer[t] = i
      tensorBytes[t] = output.bytes
    }
  })
  return { opNumber, tensorNames, tensorNumber, tensorProducer, tensorBytes }
}

interface Edges {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly tensor: Int32Array
}

function sortEdges(description: GraphDescription, tables: NameTables, opCount: number): Edges {
  const count = description.edges.length
  const from = new Int32Array(count)
  const to = new Int32Array(count)
  const tensor = new Int32Array(count)
  description.edges.forEach((edge, e) => {
    from[e] = tables.opNumber.get(edge.from)!
    to[e] = tables.opNumber.get(edge.to)!
    tensor[e] = edge.output === undefined ? -1 : tables.tensorNumber.get(edge.output)!
  })
  // Stable counting sorts, least significant key first: tensor, to, from.
  let order = Int32Array.from({ length: count }, (_, e) => e)
  order = countingSort(order, (e) => tensor[e] + 1, tables.tensorNames.length + 1)
  order = countingSort(order, (e) => to[e], opCount)
  order = countingSort(order, (e) => from[e], opCount)
  const kept = order.filter((e, k) => {
    const previous = order[k - 1]
    return k === 0 || from[e] !== from[previous] || to[e] !== to[previous] || tensor[e] !== tensor[previous]
  })
  return { from: kept.map((e) => from[e]), to: kept.map((e) => to[e]), tensor: kept.map((e) => tensor[e]) }
}

function countingSort(
  order: Int32Array<ArrayBuffer>,
  key: (e: number) => number,
  keyCount: number,
): Int32Array<ArrayBuffer> {
  const next = new Int32Array(keyCount + 1)
  for (const e of order) next[key(e) + 1]++
  for (let k = 0; k < keyCount; k++) next[k + 1] += next[k]
  const sorted = new Int32Array(order.length)
  for (const e of order) sorted[next[key(e)]++] = e
  return sorted
}

/** Row starts of a sorted key column. */
function countStarts(sortedKeys: Int32Array, keyCount: number): Int32Array {
  const start = new Int32Array(keyCount + 1)
  for (const key of sortedKeys) start[key + 1]++
  for (let k = 0; k < keyCount; k++) start[k + 1] += start[k]
  return start
}

function rowsByTarget(to: Int32Array, opCount: number): { inStart: Int32Array; inEdge: Int32Array } {
  const identity = Int32Array.from({ length: to.length }, (_, e) => e)
  const inEdge = countingSort(identity, (e) => to[e], opCount)
  return { inStart: countStarts(to.slice().sort(), opCount), inEdge }
}

function tensorColumns(ops: readonly OpDescription[], tables: NameTables, edges: Edges) {
  const { tensorNumber, tensorProducer, tensorBytes, tensorNames } = tables
  const outputStart = new Int32Array(ops.length + 1)
  const outputTensor = new Int32Array(tensorNames.length)
  let next = 0
  ops.forEach((op, i) => {
    const numbers = (op.outputs ?? []).map((output) => tensorNumber.get(output.name)!)
    for (const t of numbers.sort((a, b) => a - b)) outputTensor[next++] = t
    outputStart[i + 1] = next
  })
  const data: number[] = []
  for (let e = 0; e < edges.tensor.length; e++) if (edges.tensor[e] >= 0) data.push(e)
  // Edges are sorted by (from, to), so a stable sort by tensor leaves consumers ascending; repeats of (tensor, to) are gone already.
  const byTensor = countingSort(Int32Array.from(data), (e) => edges.tensor[e], tensorNames.length)
  const consumerOp = byTensor.map((e) => edges.to[e])
  const consumerStart = countStarts(
    byTensor.map((e) => edges.tensor[e]),
    tensorNames.length,
  )
  return { tensorBytes, tensorProducer, outputStart, outputTensor, consumerStart, consumerOp }
}

function numberGroups(ops: readonly OpDescription[]): { of: Int32Array; names: readonly string[] } {
  const names = [...new Set(ops.flatMap((op) => (op.colocationGroup === undefined ? [] : [op.colocationGroup])))].sort()
  const number = new Map(names.map((name, g) => [name, g]))
  return {
    names,
    of: Int32Array.from(ops, (op) => (op.colocationGroup === undefined ? -1 : number.get(op.colocationGroup)!)),
  }
}

function reportCycle(
  ops: readonly OpDescription[],
  outStart: Int32Array,
  edgeTo: Int32Array,
  where: string,
  problems: Problems,
): void {
  const cycle = findCycle({ opCount: ops.length, outStart, edgeTo }).map((op) => ops[op].name)
  const shown =
    cycle.length > 12 ? [...cycle.slice(0, 10), `... ${cycle.length - 11} more ...`, cycle[cycle.length - 1]] : cycle
  problems.add('E201', `${cycle.length} ops wait for each other in a circle`, {
    where,
    found: `${shown.join(' -> ')} -> ${cycle[0]}`,
    fix: 'remove one of these edges, or unroll the loop into separate ops',
  })
  problems.throwIfAny()
}
