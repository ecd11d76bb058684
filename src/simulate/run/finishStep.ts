import { actionLists } from '../../schedule/pipeline/index.js'
import { type LoweredRun, lastBackwards } from './loweredRun.js'
import type { Work } from './workKinds.js'

/**
 * The end of a step: gradients are exchanged, most of it beside the last backward; then, for the norm of all gradients is awaited, the optimizer runs everywhere
 * at once; then parameters come back.
 */
export function finishStep(lowered: LoweredRun): void {
  const { builder, add, ranksOfStage, beforeLastBackward, program } = lowered
  const ofStage = exchangeGroups(lowered)
  /** One task of a group, on the streams of exchanges of all its ranks. */
  const together = ({ stage, places, stream }: ExchangeGroup, work: Work): number => {
    const task = add(stage, work)
    for (const place of places) builder.onStream(stream(place) + 1)
    return task
  }
  for (const list of actionLists(program))
    for (const [stage] of [...lastBackwards(list)].sort(([, a], [, b]) => a - b))
      for (const group of ofStage[stage]) {
        together(group, 'hidden-exchange')
        for (const place of group.places) {
          const before = beforeLastBackward[stage * ranksOfStage + place]
          if (before >= 0) builder.after(before)
        }
      }

  const groups = ofStage.flat()
  const waiting = new Uint8Array(program.actions.length * ranksOfStage).fill(1)
  const exchanged = groups.map((group) => {
    const task = together(group, 'exposed-exchange')
    for (const place of group.places) {
      const rank = group.stream(place) / 2
      if (waiting[rank]) builder.onStream(2 * rank)
      waiting[rank] = 0
    }
    return task
  })
  const norm = add(0, 'gradient-norm')
  for (const before of exchanged) builder.after(before)
  const gathered = groups.map((group) => {
    const steps = group.places.map((place) => {
      const task = add(group.stage, 'optimizer')
      builder.onStream(group.stream(place))
      builder.after(norm)
      return task
    })
    const task = together(group, 'parameter-gather')
    for (const before of steps) builder.after(before)
    return task
  })
  add(0, 'step')
  for (const before of gathered) builder.after(before)
}

/** Ranks of one stage that exchange gradients with one another. */
interface ExchangeGroup {
  readonly stage: number
  /** Among the ranks of the stage. */
  readonly places: readonly number[]
  /** Where such a rank computes. */
  readonly stream: (place: number) => number
}

function exchangeGroups({ program, tensor, ranksOfStage }: LoweredRun): readonly (readonly ExchangeGroup[])[] {
  const placesOf = Array.from({ length: tensor }, (_, first) =>
    Array.from({ length: ranksOfStage / tensor }, (_, k) => first + k * tensor),
  )
  return Array.from(program.stageRank, (rank, stage) =>
    placesOf.map((places) => ({ stage, places, stream: (place) => 2 * (rank * ranksOfStage + place) })),
  )
}
