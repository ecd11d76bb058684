import { meanOpTicks, meanTransferTicks, type SchedulingProblem, upwardRanks } from '../schedule/index.js'
import { rankTransferWeight } from './etf.js'
import { listSchedule } from './listSchedule.js'
import type { Attempt } from './placement.js'
import type { SctInput } from './sctGraph.js'
import { type SctSolver, sctRelaxation } from './sctRelaxation.js'

/**
 * m-SCT (Baechi, SoCC 2020, section 3.1.3; Hanen and Munier 1995): a linear program picks for each op the successor that should follow it on its
 * device, its favourite child; then earliest-start scheduling in which devices wait for favourites.
 */
export async function placeSct(problem: SchedulingProblem, solver: SctSolver): Promise<Attempt> {
  const { favourites } = await sctRelaxation(sctInput(problem), solver)
  return listSchedule(problem, {
    placer: 'sct',
    rank: upwardRanks(problem, rankTransferWeight),
    favouriteOf: favourites,
  })
}

/** The graph as the program sees it: mean times over the devices, and one edge per pair of ops that carries all their tensors one after the other. */
export function sctInput(problem: SchedulingProblem): SctInput {
  const { graph, ticksPerSecond } = problem
  const transfer = meanTransferTicks(problem)
  const edgeFrom: number[] = []
  const edgeTo: number[] = []
  const edgeSeconds: number[] = []
  for (let e = 0; e < graph.edgeFrom.length; e++) {
    const last = edgeFrom.length - 1
    const seconds = graph.edgeTensor[e] < 0 ? 0 : transfer[graph.edgeTensor[e]] / ticksPerSecond
    if (last >= 0 && edgeFrom[last] === graph.edgeFrom[e] && edgeTo[last] === graph.edgeTo[e])
      edgeSeconds[last] += seconds
    else {
      edgeFrom.push(graph.edgeFrom[e])
      edgeTo.push(graph.edgeTo[e])
      edgeSeconds.push(seconds)
    }
  }
  return {
    opCount: graph.ops.length,
    seconds: meanOpTicks(problem).map((ticks) => ticks / ticksPerSecond),
    edgeFrom: Int32Array.from(edgeFrom),
    edgeTo: Int32Array.from(edgeTo),
    edgeSeconds: Float64Array.from(edgeSeconds),
  }
}
