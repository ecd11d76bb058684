import { actionLists } from '../../schedule/pipeline/index.js'
import { type LoweredRun, lastBackwards } from './loweredRun.js'
import type { Work } from './workKinds.js'

/**
 * The end of a step: gradients are exchanged, most of it beside the last backward; then, for the norm of all gradients is awaited, the optimizer runs everywhere
 * at once; then parameters come back.
 */
export function finishStep(lowered: LoweredRun): void {
  const { builder, add, network, ranksOfStage, beforeLastBackward, program } = lowered
  const ofStage = exchangeGroups(lowered)
  /** What a group exchanges, on the streams of all its ranks, once each of `before` has ended. The last of its tasks. */
  const together = ({ stage, places, stream }: ExchangeGroup, work: Work, before: readonly number[]): number => {
    const ranks = places.map((place) => stream(place) / 2)
    let task = -1
    for (let part = 0; part < network.exchangeParts(stage, work); part++) {
      task = network.exchange(stage, work, part, ranks)
      for (const place of places) builder.onStream(stream(place) + 1)
      if (part === 0) for (const each of before) builder.after(each)
    }
    return task
  }
  for (const list of actionLists(program))
    for (const [stage] of [...lastBackwards(list)].sort(([, a], [, b]) => a - b))
      for (const group of ofStage[stage]) {
        const before = group.places.map((place) => beforeLastBackward[stage * ranksOfStage + place])
        together(
          group,
          'hidden-exchange',
          before.filter((each) => each >= 0),
        )
      }

  const groups = ofStage.flat()
  const isWaiting = new Uint8Array(program.actions.length * ranksOfStage).fill(1)
  const exchanged = groups.map((group) => {
    // The rank computes until then; its stages exchange one after another.
    const last: number[] = []
    for (const place of group.places) {
      const rank = group.stream(place) / 2
      if (isWaiting[rank]) last.push(builder.lastOn(2 * rank))
      isWaiting[rank] = 0
    }
    return together(group, 'exposed-exchange', last)
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
    return together(group, 'parameter-gather', steps)
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
