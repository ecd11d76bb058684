import { type SchedulingProblem, upwardRanks } from '../schedule/index.js'
import { listSchedule } from './listSchedule.js'
import type { Attempt } from './placement.js'

/** Transfers count in full in the rank that breaks ties, as in HEFT (Topcuoglu et al., TPDS 2002). */
export const rankTransferWeight = 1

/** m-ETF: earliest start first (Baechi, SoCC 2020, section 3.1.2), ties by upward rank instead of Baechi's topological index. */
export function placeEtf(problem: SchedulingProblem): Attempt {
  return listSchedule(problem, { placer: 'etf', rank: upwardRanks(problem, rankTransferWeight) })
}
