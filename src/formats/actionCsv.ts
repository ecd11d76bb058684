import { fail, Problems, UserError } from '../errors/index.js'
import {
  type Action,
  type ActionKind,
  actionLists,
  formatAction,
  type PipelineSchedule,
  packAction,
  verifySchedule,
} from '../schedule/pipeline/index.js'

/** What a list of actions does not say by itself. */
export interface ActionPlacement {
  /** Rank of each stage; absent: a stage is on the rank that runs it first. */
  readonly stageRank?: readonly number[] | undefined
  /** Copies of the model, as 2 in DualPipe; absent: 1. */
  readonly copies?: number | undefined
}

/**
 * A pipeline schedule from PyTorch's CSV of actions: a line for each rank, actions such as 2F0 or (0F5;7B1)OVERLAP_F_B, empty fields where a rank
 * waits. What PyTorch puts between them (SEND_F, RECV_F, SEND_B, RECV_B, UNSHARD, RESHARD, REDUCE_GRAD) is passed over, for it follows from the
 * order of computation. Throws E105 for what is no action, and whatever `verifySchedule` finds.
 */
export function parseActionCsv(text: string, where: string, placement: ActionPlacement = {}): PipelineSchedule {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  return readActionLists(lines, (rank) => `${where}:${rank + 1}`, where, placement)
}

/** The same from the fields of each rank, however they were written. */
export function readActionLists(
  fields: readonly (readonly string[])[],
  whereOf: (rank: number) => string,
  where: string,
  placement: ActionPlacement = {},
): PipelineSchedule {
  const problems = new Problems()
  const lists = fields.map((each, rank) => parseFields(each, whereOf(rank), problems))
  problems.throwIfAny()
  const schedule = collect(lists, where, placement)
  namingPlace(where, () => verifySchedule(schedule))
  return schedule
}

/** A schedule as PyTorch reads it with `_load_csv(..., format="compute_only")`. */
export function formatActionCsv(schedule: PipelineSchedule): string {
  const lines = actionLists(schedule).map((list) => {
    const fields: string[] = []
    for (let k = 0; k < list.length; k++)
      fields.push(
        list[k].paired ? `(${formatAction(list[k])};${formatAction(list[++k])})OVERLAP_F_B` : formatAction(list[k]),
      )
    return `${fields.join(',')}\n`
  })
  return lines.join('')
}

const single = /^(\d{1,7})([FIWB])(\d{1,7})$/
const pair = /^\(\s*(\d{1,7})F(\d{1,7})\s*;\s*(\d{1,7})B(\d{1,7})\s*\)OVERLAP_F_B$/
const passedOver = /^\d+(?:(?:SEND|RECV)_[FB]\d+|UNSHARD|RESHARD|REDUCE_GRAD)$/

function parseFields(fields: readonly string[], where: string, problems: Problems): Action[] {
  const list: Action[] = []
  fields.forEach((quoted, k) => {
    const field = quoted
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim()
    const one = single.exec(field)
    const two = pair.exec(field)
    if (one) list.push({ kind: one[2] as ActionKind, stage: Number(one[1]), microbatch: Number(one[3]) })
    else if (two)
      list.push(
        { kind: 'F', stage: Number(two[1]), microbatch: Number(two[2]), paired: true },
        { kind: 'B', stage: Number(two[3]), microbatch: Number(two[4]) },
      )
    else if (field !== '' && !passedOver.test(field))
      problems.add('E105', 'not an action of a pipeline', {
        where: `${where}, field ${k + 1}`,
        expected: 'stage, one of F I W B, microbatch, as in 2F0; or (0F5;7B1)OVERLAP_F_B',
        found: field.slice(0, 60),
      })
  })
  return list
}

/** Stages and microbatches are counted. What is missing is left to `verifySchedule`, unless most is: that many names would help nobody. */
function collect(
  lists: readonly (readonly Action[])[],
  where: string,
  { stageRank: stated, copies = 1 }: ActionPlacement,
): PipelineSchedule {
  let stages = stated?.length ?? 0
  let microbatches = 0
  let forwards = 0
  for (const list of lists)
    for (const { kind, stage, microbatch } of list) {
      stages = Math.max(stages, stage + 1)
      microbatches = Math.max(microbatches, microbatch + 1)
      if (kind === 'F') forwards++
    }
  if (forwards === 0) fail('E606', 'there is no forward pass', { where })
  const wanted = (stages * microbatches) / copies
  if (wanted > 2 * forwards + 1000 || stages % copies !== 0 || microbatches % copies !== 0)
    fail('E606', 'the schedule is not complete', {
      where,
      expected: `${stages} stages x ${microbatches} microbatches in ${copies} copies = ${wanted} forward passes`,
      found: String(forwards),
    })
  const stageRank = new Int32Array(stages).fill(-1)
  stated?.forEach((rank, stage) => {
    stageRank[stage] = rank
  })
  lists.forEach((list, rank) => {
    for (const { stage } of list) if (stageRank[stage] < 0) stageRank[stage] = rank
  })
  const idle = stageRank.findIndex((rank) => rank < 0 || rank >= lists.length)
  if (idle >= 0)
    fail('E606', `stage ${idle} is run by no rank`, {
      where,
      expected: `one of ${lists.length} ranks for each of ${stages} stages`,
    })
  const actions = lists.map((list) => Int32Array.from(list, (action) => packAction(action, microbatches)))
  return { name: 'stated', ranks: lists.length, stages, copies, microbatches, stageRank, actions }
}

/** Problems of a schedule name ranks and actions; these also name the file. */
function namingPlace(where: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [first, ...rest] = error.problems.map((each) => ({
      ...each,
      where: each.where ? `${where}, ${each.where}` : where,
    }))
    throw new UserError([first, ...rest])
  }
}
