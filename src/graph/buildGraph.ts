import { Problems } from '../errors/index.js'
import { checkDescription, type EdgeEnds, type NameTables, unknownName } from './checkDescription.js'
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
  const ends = edgeEnds(description, tables)
  checkDescription(description, tables, ends, where, problems)
  problems.throwIfAny()

  const edges = sortEdges(ends, tables.tensorNames.length, ops.length)
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
    parameterBytes: bytesColumn(ops, 'parameterBytes'),
    temporaryBytes: bytesColumn(ops, 'temporaryBytes'),
    groupOf: groups.of,
    groupNames: groups.names,
    topologicalOrder: order,
  }
}

function bytesColumn(ops: readonly OpDescription[], key: 'parameterBytes' | 'temporaryBytes'): Float64Array {
  const column = new Float64Array(ops.length)
  for (let i = 0; i < ops.length; i++) column[i] = ops[i][key] ?? 0
  return column
}

function sortedByName(ops: readonly OpDescription[]): readonly OpDescription[] {
  for (let i = 1; i < ops.length; i++)
    if (ops[i - 1].name > ops[i].name) return [...ops].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return ops
}

/** The tables, and the tensor number of each output, op by op. */
function numberNames(ops: readonly OpDescription[]): NameTables & { readonly outputNumbers: Int32Array } {
  const opNumber = new Map<string, number>()
  const tensorNames: string[] = []
  for (let i = 0; i < ops.length; i++) {
    opNumber.set(ops[i].name, i)
    for (const output of ops[i].outputs ?? []) tensorNames.push(output.name)
  }
  tensorNames.sort()
  const tensorNumber = new Map<string, number>()
  for (let t = 0; t < tensorNames.length; t++) tensorNumber.set(tensorNames[t], t)
  const tensorProducer = new Int32Array(tensorNames.length)
  const tensorBytes = new Float64Array(tensorNames.length)
  const outputNumbers = new Int32Array(tensorNames.length)
  let next = 0
  for (let i = 0; i < ops.length; i++) {
    for (const output of ops[i].outputs ?? []) {
      const t = tensorNumber.get(output.name)!
      outputNumbers[next++] = t
      tensorProducer[t] = i
      tensorBytes[t] = output.bytes
    }
  }
  return { opNumber, tensorNames, tensorNumber, tensorProducer, tensorBytes, outputNumbers }
}

/** Looks every name up once, for the checks and for sorting. */
function edgeEnds({ edges }: GraphDescription, tables: NameTables): EdgeEnds {
  const ends = {
    from: new Int32Array(edges.length),
    to: new Int32Array(edges.length),
    tensor: new Int32Array(edges.length),
  }
  for (let e = 0; e < edges.length; e++) {
    const { from, to, output } = edges[e]
    ends.from[e] = tables.opNumber.get(from) ?? unknownName
    ends.to[e] = tables.opNumber.get(to) ?? unknownName
    ends.tensor[e] = output === undefined ? -1 : (tables.tensorNumber.get(output) ?? unknownName)
  }
  return ends
}

function sortEdges({ from, to, tensor }: EdgeEnds, tensorCount: number, opCount: number): EdgeEnds {
  // Stable counting sorts, least significant key first: tensor, to, from.
  let order = positions(tensor.length)
  order = countingSort(
    order,
    tensor.map((t) => t + 1),
    tensorCount + 1,
  )
  order = countingSort(order, to, opCount)
  order = countingSort(order, from, opCount)
  const sorted = { from: gather(from, order), to: gather(to, order), tensor: gather(tensor, order) }
  let kept = 0
  for (let k = 0; k < order.length; k++) {
    const isRepeat =
      k > 0 &&
      sorted.from[k] === sorted.from[kept - 1] &&
      sorted.to[k] === sorted.to[kept - 1] &&
      sorted.tensor[k] === sorted.tensor[kept - 1]
    if (isRepeat) continue
    sorted.from[kept] = sorted.from[k]
    sorted.to[kept] = sorted.to[k]
    sorted.tensor[kept++] = sorted.tensor[k]
  }
  return { from: sorted.from.slice(0, kept), to: sorted.to.slice(0, kept), tensor: sorted.tensor.slice(0, kept) }
}

function positions(count: number): Int32Array {
  const order = new Int32Array(count)
  for (let k = 0; k < count; k++) order[k] = k
  return order
}

function gather(values: Int32Array, order: Int32Array): Int32Array {
  const gathered = new Int32Array(order.length)
  for (let k = 0; k < order.length; k++) gathered[k] = values[order[k]]
  return gathered
}

/** The positions in stable order of their keys, which lie below the count. */
function countingSort(order: Int32Array, key: Int32Array, keyCount: number): Int32Array {
  const next = new Int32Array(keyCount + 1)
  for (let k = 0; k < order.length; k++) next[key[order[k]] + 1]++
  for (let k = 0; k < keyCount; k++) next[k + 1] += next[k]
  const sorted = new Int32Array(order.length)
  for (let k = 0; k < order.length; k++) sorted[next[key[order[k]]]++] = order[k]
  return sorted
}

/** Row starts of a key column, once it is sorted. */
function countStarts(keys: Int32Array, keyCount: number): Int32Array {
  const start = new Int32Array(keyCount + 1)
  for (let k = 0; k < keys.length; k++) start[keys[k] + 1]++
  for (let k = 0; k < keyCount; k++) start[k + 1] += start[k]
  return start
}

function rowsByTarget(to: Int32Array, opCount: number): { inStart: Int32Array; inEdge: Int32Array } {
  return { inStart: countStarts(to, opCount), inEdge: countingSort(positions(to.length), to, opCount) }
}

function tensorColumns(ops: readonly OpDescription[], tables: ReturnType<typeof numberNames>, edges: EdgeEnds) {
  const { outputNumbers, tensorProducer, tensorBytes, tensorNames } = tables
  const outputStart = new Int32Array(ops.length + 1)
  const outputTensor = outputNumbers.slice()
  for (let i = 0; i < ops.length; i++) {
    outputStart[i + 1] = outputStart[i] + (ops[i].outputs?.length ?? 0)
    if (outputStart[i + 1] > outputStart[i] + 1) outputTensor.subarray(outputStart[i], outputStart[i + 1]).sort()
  }
  // Edges are sorted by (from, to), so a stable sort by tensor leaves consumers ascending; repeats of (tensor, to) are gone already.
  const data = positions(edges.tensor.length).filter((e) => edges.tensor[e] >= 0)
  const byTensor = countingSort(data, edges.tensor, tensorNames.length)
  const consumerStart = countStarts(gather(edges.tensor, byTensor), tensorNames.length)
  return {
    tensorBytes,
    tensorProducer,
    outputStart,
    outputTensor,
    consumerStart,
    consumerOp: gather(edges.to, byTensor),
  }
}

function numberGroups(ops: readonly OpDescription[]): { of: Int32Array; names: readonly string[] } {
  const distinct = new Set<string>()
  for (const { colocationGroup } of ops) if (colocationGroup !== undefined) distinct.add(colocationGroup)
  const names = [...distinct].sort()
  const number = new Map(names.map((name, g) => [name, g]))
  const of = new Int32Array(ops.length).fill(-1)
  ops.forEach(({ colocationGroup }, op) => {
    if (colocationGroup !== undefined) of[op] = number.get(colocationGroup)!
  })
  return { names, of }
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
