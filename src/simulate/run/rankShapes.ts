import { actionLists, type PipelineSchedule } from '../../schedule/pipeline/index.js'

/** What a bound asks of a program: looked up once, for searches ask of one program for many costs. */
export interface ProgramShape {
  /** Gradients of inputs and of weights are computed apart. */
  readonly isSplit: boolean
  readonly ranks: readonly RankShape[]
}

export interface RankShape {
  readonly own: readonly number[]
  /** The first of its stages, counted within its copy of the model. */
  readonly first: number
  /** The rank's program ends with the backward of that stage. */
  readonly endsWithFirst: boolean
}

export function rankShapes(program: PipelineSchedule): ProgramShape {
  const known = remembered.get(program)
  if (known) return known
  const lists = actionLists(program)
  const perCopy = program.stages / program.copies
  const ranks = lists.map((list, rank) => {
    const own = Array.from(program.stageRank.keys()).filter((stage) => program.stageRank[stage] === rank)
    const first = Math.min(...own.map((stage) => stage % perCopy))
    const last = list.at(-1)
    return { own, first, endsWithFirst: last !== undefined && last.kind !== 'W' && last.stage % perCopy === first }
  })
  const shape = { isSplit: lists.some((list) => list.some(({ kind }) => kind === 'I')), ranks }
  remembered.set(program, shape)
  return shape
}

const remembered = new WeakMap<PipelineSchedule, ProgramShape>()
