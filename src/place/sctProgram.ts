import type { LinearProgram } from '../solve/index.js'
import { earliestStarts, type SctGraph, type SctInput, sctGraph } from './sctGraph.js'

export interface SctProgram {
  readonly program: LinearProgram
  /** Column of s_0; the starts of the other ops follow. */
  readonly startColumn: number
  /** Column of x_ij of an edge: 0 makes j the favourite child of i. */
  readonly favouriteColumn: (edge: number) => number
  readonly makespanColumn: number
  /** The program counts time in this many seconds, so that the solvers' absolute tolerances mean something. */
  readonly unitSeconds: number
}

/**
 * The relaxation of m-SCT over s_i (start), x_ij in [0, 1] per edge and w (makespan): min w;
 * s_i + p_i + c_ij x_ij <= s_j; s_i + p_i <= w; per op, sum of x over its out-edges >= outdegree - 1, and likewise over its in-edges.
 * Left out as implied: s_i + p_i <= w of ops with successors, the degree rows of a single edge, x of edges that cost nothing in their
 * first row. Every column has a finite box, between the starts with all x = 0 and with all x = 1, so any row duals give a bound.
 * Source: Hanen and Munier 1995 (small communication times); Baechi, SoCC 2020.
 */
export function buildSctProgram(input: SctInput): SctProgram {
  const graph = sctGraph(input)
  const { opCount, edgeFrom } = input
  const edgeCount = edgeFrom.length
  const unitSeconds = meanPositive(input.seconds)
  const makespanColumn = opCount + edgeCount
  const columns = makespanColumn + 1
  const cost = new Float64Array(columns)
  cost[makespanColumn] = 1
  const columnLower = new Float64Array(columns)
  const columnUpper = new Float64Array(columns).fill(1)
  const soonest = earliestStarts(input, graph, () => 0)
  const latest = earliestStarts(input, graph, () => 1)
  for (let op = 0; op <= opCount; op++) {
    const column = op === opCount ? makespanColumn : op
    columnLower[column] = soonest[op]! / unitSeconds
    columnUpper[column] = latest[op]! / unitSeconds
  }
  const rows = sctRows(input, graph, unitSeconds)
  const program = { columns, cost, columnLower, columnUpper, ...rows }
  return { program, startColumn: 0, favouriteColumn: (edge) => opCount + edge, makespanColumn, unitSeconds }
}

function meanPositive(values: Float64Array): number {
  let sum = 0
  let count = 0
  for (const value of values) {
    if (value <= 0) continue
    sum += value
    count++
  }
  return count > 0 ? sum / count : 1
}

type Rows = Pick<LinearProgram, 'rows' | 'rowLower' | 'rowUpper' | 'rowStart' | 'columnIndex' | 'coefficient'>

function sctRows(input: SctInput, graph: SctGraph, unitSeconds: number): Rows {
  const { opCount, seconds, edgeFrom, edgeTo, edgeSeconds } = input
  const edgeCount = edgeFrom.length
  const lower: number[] = []
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  const add = (column: number, value: number) => {
    indices.push(column)
    values.push(value)
  }
  const close = (atLeast: number) => {
    lower.push(atLeast)
    starts.push(indices.length)
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    add(edgeTo[edge]!, 1)
    add(edgeFrom[edge]!, -1)
    if (edgeSeconds[edge]! > 0) add(opCount + edge, -edgeSeconds[edge]! / unitSeconds)
    close(seconds[edgeFrom[edge]!]! / unitSeconds)
  }
  for (let op = 0; op < opCount; op++) {
    if (graph.outStart[op + 1]! > graph.outStart[op]!) continue
    add(opCount + edgeCount, 1)
    add(op, -1)
    close(seconds[op]! / unitSeconds)
  }
  for (const [start, edges] of [[graph.outStart, graph.outEdge] as const, [graph.inStart, graph.inEdge] as const]) {
    for (let op = 0; op < opCount; op++) {
      const degree = start[op + 1]! - start[op]!
      if (degree < 2) continue
      for (let k = start[op]!; k < start[op + 1]!; k++) add(opCount + edges[k]!, 1)
      close(degree - 1)
    }
  }
  return {
    rows: lower.length,
    rowLower: Float64Array.from(lower),
    rowUpper: new Float64Array(lower.length).fill(Number.POSITIVE_INFINITY),
    rowStart: Int32Array.from(starts),
    columnIndex: Int32Array.from(indices),
    coefficient: Float64Array.from(values),
  }
}
