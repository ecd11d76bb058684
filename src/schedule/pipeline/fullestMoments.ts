import { forwardBits, kindMask, type PipelineSchedule, unitShift, weightBit } from './types.js'

/** What a rank holds when one of its stages runs a pass: microbatches whose activations are kept, by stage of the rank. */
export interface Moment {
  /** Of the stage that runs, among those of the rank. */
  readonly place: number
  readonly live: readonly number[]
}

/** The stages and fullest moments of one rank. */
export interface RankMoments {
  readonly stages: readonly number[]
  readonly moments: readonly Moment[]
}

/**
 * The moments at which a rank can be at its fullest, whatever its stages keep: those at which no other with a pass of the same stage holds as much of everything. A rank's
 * memory follows its own program, so no times are needed: forward opens, the gradient of the weights closes.
 */
export function fullestMoments(schedule: PipelineSchedule): readonly RankMoments[] {
  const known = remembered.get(schedule)
  if (known) return known
  const { stageRank, microbatches } = schedule
  const ofRank = schedule.actions.map((list, rank) => {
    const stages = Array.from(stageRank.keys()).filter((stage) => stageRank[stage] === rank)
    const place = new Map(stages.map((stage, k) => [stage, k]))
    const live = new Array<number>(stages.length).fill(0)
    const fullest: Moment[] = []
    for (const packed of list) {
      const own = place.get(Math.floor((packed >> unitShift) / microbatches))!
      if ((packed & kindMask) === forwardBits) live[own]++
      keepFullest(fullest, own, live)
      if ((packed & weightBit) !== 0) live[own]--
    }
    return { stages, moments: fullest }
  })
  remembered.set(schedule, ofRank)
  return ofRank
}

const remembered = new WeakMap<PipelineSchedule, readonly RankMoments[]>()

/** Adds a moment unless one with a pass of the same stage holds as much of everything, and drops those that it covers. */
function keepFullest(moments: Moment[], place: number, live: readonly number[]): void {
  if (moments.some((each) => each.place === place && live.every((count, k) => count <= each.live[k]))) return
  const kept = moments.filter((each) => each.place !== place || each.live.some((count, k) => count > live[k]))
  moments.splice(0, moments.length, ...kept, { place, live: [...live] })
}
