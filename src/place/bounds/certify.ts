import type { SchedulingProblem } from '../../schedule/index.js'
import { colocation } from './colocation.js'
import { fluidLoad } from './fluidLoad.js'
import { forcedTogether } from './forcedTogether.js'
import { heads } from './heads.js'
import { intervalLoad } from './intervalLoad.js'
import { longestWay } from './longestWay.js'
import { memorySplit } from './memorySplit.js'
import { mirrored, networkOf } from './network.js'
import { starts, twoWays } from './twoWays.js'
import { weightedWork } from './weightedWork.js'

export type BoundArgument =
  | 'critical-path'
  | 'work'
  | 'critical-path-with-transfers'
  | 'colocation'
  | 'interval-load'
  | 'memory-split'
  | 'forced-together'
  | 'search'
  /** Nobody asked. */
  | 'nothing'

/** A step time that no placement can beat, and which argument gives it. */
export interface LowerBound {
  readonly ticks: number
  readonly argument: BoundArgument
  /** Nodes of the search that gave it, or that had it to prove (`optimal`). */
  readonly nodes?: number
}

export interface CertifyOptions {
  /** Times the default search for when inputs can be there. */
  readonly effort?: number
}

/** Up to so many ops all heads are worked out anew under each assumed step time. */
const mostRenewed = 64

/** Beyond so many ops the dearest argument is left out: it takes two thirds of the time and carried the bound on small graphs only. */
const mostForced = 20_000

/**
 * The greatest of the bounds of this folder, each proved where it stands; simpler arguments first, so that a bound is named after the
 * simplest one that gives it. In ticks of the problem, whole.
 */
export function certify(problem: SchedulingProblem, { effort = 1 }: CertifyOptions = {}): LowerBound {
  let best: LowerBound = { ticks: 0, argument: 'critical-path' }
  const claim = (argument: BoundArgument, ticks: number) => {
    // Sums of fractions of ticks may err in their last digits; a step takes whole ticks.
    const whole = Math.ceil(ticks * (1 - 1e-12))
    if (whole > best.ticks) best = { ticks: whole, argument }
  }
  const network = networkOf(problem)
  if (network.count === 0) return best
  const mirror = mirrored(network, problem)
  const work = weightedWork(problem)
  claim('critical-path', longestWay({ network, mirror, forward: heads(network, 1), backward: heads(mirror, 1) }))
  claim('work', work.total)

  const ways = twoWays(network, mirror, effort)
  const head = starts(network, ways.forward)
  const tail = starts(network, ways.backward)
  claim('critical-path-with-transfers', longestWay(ways))
  claim('colocation', colocation(problem, head, tail))
  const equalDevices = problem.opTicks.length === 1 ? problem.deviceCount : 1
  claim('interval-load', fluidLoad(head, work.ticks, tail))
  claim('interval-load', intervalLoad(head, work.ticks, tail, equalDevices))
  if (best.ticks > 0) claim('memory-split', memorySplit(problem, ways))
  const serial = network.leastTicks.reduce((sum, ticks) => sum + ticks, 0)
  if (network.count <= mostForced)
    claim('forced-together', forcedTogether(ways, work.ticks, best.ticks, serial, network.count <= mostRenewed))
  return best
}
