import { memoryPeaks, opOrder, replay, type SchedulingProblem } from '../schedule/index.js'
import { moduleBlocks } from './coarseBlocks.js'
import { blockSeeds } from './coarseSeeds.js'
import { type AnnealOptions, annealMoves } from './improve/annealMoves.js'
import { movableUnits, type Units } from './improve/units.js'
import { justified } from './justified.js'
import { rankOrder, startOrder } from './orders.js'
import type { Placement } from './placement.js'
import { withinLimits } from './withinLimits.js'

export interface CoarseOptions {
  /** 1 is a few seconds; work grows in proportion. 0: nothing. */
  readonly effort: number
  /** No schedule is shorter. */
  readonly boundTicks: number
}

/** Ops committed by trials at effort 1, over all levels: counted, so that results never depend on the machine. */
const annealCommits = 10_000_000
/** Smaller graphs are searched op by op at once. */
const fewestOps = 500
/** So many maps of blocks are searched from. */
const mostStarts = 2
/** A whole block moves the step by more than an op does, so the search starts hotter on blocks. */
const levels = [
  { by: 'layer', hot: 4e-3, share: 0.2 },
  { by: 'module', hot: 1e-3, share: 0.6 },
  { by: 'op', hot: 2e-4, share: 0.2 },
] as const
const closeEnough = 1e-3

/**
 * From coarse to fine: models are placed by their blocks first. Maps of whole layers, in runs and in turns, are scheduled op by op; from the best of them
 * layers, then modules, then ops move while that shortens the step. Every trial is judged by the schedule of all
 * ops, so nothing is lost on the way back. Never longer than the given placement, never over a limit; a graph without modules stays as it is.
 */
export function placeCoarse(problem: SchedulingProblem, given: Placement, options: CoarseOptions): Placement {
  const enough = options.boundTicks * (1 + closeEnough)
  const isDone = (best: Placement) => best.schedule.makespan <= enough
  const isSmall = problem.graph.ops.length < fewestOps || problem.deviceCount < 2
  if (options.effort <= 0 || isSmall || isDone(given)) return given
  const units = movableUnits(problem)
  const layers = moduleBlocks(problem, units, 'layer')
  const modules = moduleBlocks(problem, units, 'module')
  if (!layers && !modules) return given
  const unitsOf = { layer: layers, module: modules, op: units }
  const seeds = [layers, modules].flatMap((blocks) => (blocks ? [seedPlacements(problem, blocks)] : []))
  const starts = (seeds.find((each) => each.length > 0) ?? [])
    .sort((a, b) => a.schedule.makespan - b.schedule.makespan)
    .slice(0, mostStarts)
  let best = given
  for (let now of starts.length > 0 ? starts : [given]) {
    if (now.schedule.makespan < best.schedule.makespan) best = now
    for (const { by, hot, share } of levels) {
      const moved = unitsOf[by]
      if (!moved || isDone(best) || !isWhole(moved, now.deviceOf)) continue
      const commits = Math.floor((annealCommits * options.effort * share) / Math.max(1, starts.length))
      now = searched(problem, moved, now, { seed: 1, commits, hot, enoughTicks: enough })
      if (now.schedule.makespan < best.schedule.makespan) best = now
    }
  }
  return best
}

/** What moves as one is on one device. Modules lie within layers and ops within modules, so no level undoes this for the next. */
function isWhole({ start, ops, count }: Units, deviceOf: Int32Array): boolean {
  for (let unit = 0; unit < count; unit++)
    for (let k = start[unit]; k < start[unit + 1]; k++)
      if (deviceOf[ops[k]] !== deviceOf[ops[start[unit]]]) return false
  return true
}

/** Schedules of the maps of blocks that stay within the limits. */
function seedPlacements(problem: SchedulingProblem, blocks: Units): Placement[] {
  const order = rankOrder(problem, 1)
  return blockSeeds(problem, blocks).flatMap((deviceOf) => {
    const attempt = withinLimits(problem, { placement: scheduled(problem, deviceOf, order) })
    return 'placement' in attempt ? [attempt.placement] : []
  })
}

function searched(problem: SchedulingProblem, units: Units, start: Placement, search: AnnealOptions): Placement {
  const from = { deviceOf: start.deviceOf, order: startOrder(problem, start.schedule) }
  const found = annealMoves(problem, units, from, search)
  const next = withinLimits(problem, { placement: scheduled(problem, found.deviceOf, found.order) })
  if ('miss' in next || next.placement.schedule.makespan >= start.schedule.makespan) return start
  return next.placement
}

function scheduled(problem: SchedulingProblem, deviceOf: Int32Array, ops: Int32Array): Placement {
  const order = opOrder(ops)
  const schedule = replay(problem, deviceOf, order)
  return justified(problem, { placer: 'coarse', deviceOf, order, schedule, peakBytes: memoryPeaks(problem, schedule) })
}
