// CPU seconds and proved gap of m-SCT's linear program by size and solver.
//   npm run build && node bench/sct-lp.mjs [--all] [GRAPH.json[.gz] ...]
// Without files: layered graphs made here. A stowage.graph is read with 134 us + 0.1754 ns per byte for a transfer (the channel
// model of Baechi's published runs). --all also runs HiGHS beyond 5,000 ops, where it takes up to minutes.
//
// Baseline, Node 20.20, 2 shared cores with other work beside (transfers near 0.2 ms, ops near 0.36 ms; dear: x 5):
//   graph                    solver                 gap %    CPU s   work
//   layered 40 w4            javascript-lp-solver   0.0000    0.04   109 rows
//   layered 40 w4            highs-simplex          0.0000    0.00   109 rows
//   layered 40 w4            highs-ipm              0.0000    0.04   109 rows
//   layered 40 w4            first-order            0.0862    0.04   110 iterations
//   layered 1000 w16         highs-simplex          0.0000    1.70   3383 rows
//   layered 1000 w16         highs-ipm              0.0000    0.40   3383 rows
//   layered 1000 w16         first-order            0.0793    0.11   300 iterations
//   layered 1000 w32 dear    highs-simplex          0.0000    0.47   3294 rows
//   layered 1000 w32 dear    highs-ipm              0.0000    0.25   3294 rows
//   layered 1000 w32 dear    first-order            0.2511    0.10   400 iterations
//   layered 5000 w16         highs-simplex          0.0000    2.51   16535 rows
//   layered 5000 w16         highs-ipm              0.0000    2.37   16535 rows
//   layered 5000 w16         first-order            0.0962    0.52   240 iterations
//   layered 20000 w16        first-order            0.0993    1.82   240 iterations
//   layered 20000 w64 dear   first-order            0.5178    3.05   400 iterations
//   layered 100000 w64       first-order            0.2682    7.85   201 iterations
//   layered 100000 w64 dear  first-order            1.1394    8.28   201 iterations
//   layered 20000 w16        highs-simplex          0.0000   60.7   66092 rows  (--all)
//   layered 20000 w16        highs-ipm              0.0000   25.2   66092 rows  (--all)
// Layered graphs of another generator, with the channel model above: at 1k simplex 0.14-0.47 s, ipm 0.3-0.9, first-order
// 0.12-0.15 (0.08-0.09 %); at 5k 0.36-0.48, 0.9-1.1 and 0.18-0.24 (0.07-0.10 %); at 20k with 36,162 edges 4.5, 9.7 and 0.5 (0.099 %).

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sctFirstOrder } from '../dist/src/place/sctFirstOrder.js'
import { buildSctProgram } from '../dist/src/place/sctProgram.js'
import { dualBound, highsSolver, javascriptLpSolver } from '../dist/src/solve/index.js'

const files = process.argv.slice(2).filter((argument) => argument !== '--all')
const all = process.argv.includes('--all')

if (files.length > 0) for (const file of files) await measure(file.replace(/^.*\//, ''), readGraph(file))
else {
  for (const [ops, width, dear] of [
    [40, 4, 1],
    [1_000, 16, 1],
    [1_000, 32, 5],
    [5_000, 16, 1],
    [20_000, 16, 1],
    [20_000, 64, 5],
    [100_000, 64, 1],
    [100_000, 64, 5],
  ])
    await measure(`layered ${ops} w${width}${dear > 1 ? ' dear' : ''}`, layered(ops, width, dear))
}

async function measure(name, input) {
  const row = (solver, value, bound, seconds, note = '') =>
    console.log(
      `${name.padEnd(24)} ${solver.padEnd(22)} ${(value * 1e3).toFixed(4).padStart(11)} ms  gap ${((value / bound - 1) * 100).toFixed(4)} %  ${seconds.toFixed(2).padStart(6)} s ${note}`,
    )
  const solvers = [javascriptLpSolver, highsSolver('simplex'), highsSolver('ipm')]
  const limits = [50, all ? 50_000 : 5_000, all ? 50_000 : 5_000]
  for (const [index, solver] of solvers.entries()) {
    if (input.opCount > limits[index]) continue
    // The first solve compiles the WebAssembly, so each runs twice and the second counts, building the program included.
    await solver.solve(buildSctProgram(sliced(input)).program)
    const clock = process.cpuUsage()
    const { program, unitSeconds } = buildSctProgram(input)
    const { objective, rowDual } = await solver.solve(program)
    row(
      solver.name,
      objective * unitSeconds,
      dualBound(program, rowDual) * unitSeconds,
      since(clock),
      `${program.rows} rows`,
    )
  }
  const clock = process.cpuUsage()
  const { makespanSeconds, boundSeconds, iterations } = sctFirstOrder(input)
  row('first-order', makespanSeconds, boundSeconds, since(clock), `${iterations} iterations`)
}

/** The part of a graph that holds its first 20 ops: enough to warm a solver up. */
function sliced(input) {
  const kept = [...input.edgeFrom.keys()].filter((edge) => input.edgeFrom[edge] < 20 && input.edgeTo[edge] < 20)
  return {
    opCount: Math.min(20, input.opCount),
    seconds: input.seconds.slice(0, 20),
    edgeFrom: Int32Array.from(kept, (edge) => input.edgeFrom[edge]),
    edgeTo: Int32Array.from(kept, (edge) => input.edgeTo[edge]),
    edgeSeconds: Float64Array.from(kept, (edge) => input.edgeSeconds[edge]),
  }
}

function since(clock) {
  const { user, system } = process.cpuUsage(clock)
  return (user + system) / 1e6
}

function readGraph(file) {
  const bytes = readFileSync(file)
  const { ops, edges } = JSON.parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  const index = new Map(ops.map((op, at) => [op.name, at]))
  const merged = new Map()
  for (const { from, to, output, bytes } of edges) {
    const key = index.get(from) * ops.length + index.get(to)
    merged.set(key, Math.max(merged.get(key) ?? 0, output === undefined ? 0 : 134e-6 + 0.1754e-9 * bytes))
  }
  return {
    opCount: ops.length,
    seconds: Float64Array.from(ops, (op) => op.seconds),
    edgeFrom: Int32Array.from(merged.keys(), (key) => Math.floor(key / ops.length)),
    edgeTo: Int32Array.from(merged.keys(), (key) => key % ops.length),
    edgeSeconds: Float64Array.from(merged.values()),
  }
}

/** Each op reads one to three ops of the layers just before it; the same graph on every machine. */
function layered(opCount, width, dear) {
  let state = 1
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const spread = () => Math.exp(1.2 * (random() - 0.5))
  const edges = []
  for (let op = width; op < opCount; op++) {
    const parents = new Set()
    for (let k = 1 + Math.floor(random() * 3); k > 0; k--) {
      const layer = Math.max(0, Math.floor(op / width) - (random() < 0.8 ? 1 : 1 + Math.floor(random() * 4)))
      parents.add(layer * width + Math.floor(random() * width))
    }
    for (const parent of parents) edges.push([parent, op, dear * (134e-6 + 70e-6 * spread())])
  }
  return {
    opCount,
    seconds: Float64Array.from({ length: opCount }, () => 3e-4 * spread()),
    edgeFrom: Int32Array.from(edges, ([from]) => from),
    edgeTo: Int32Array.from(edges, ([, to]) => to),
    edgeSeconds: Float64Array.from(edges, ([, , seconds]) => seconds),
  }
}
