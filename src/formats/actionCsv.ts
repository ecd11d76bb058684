import { fail, Problems } from '../errors/index.js'
import {
  type Action,
  type ActionKind,
  actionLists,
  formatAction,
  type PipelineSchedule,
  packAction,
  verifySchedule,
} from '../schedule/pipeline/index.js'

/**
 * A pipeline schedule from PyTorch's CSV of actions: a line for each rank, actions such as 2F0 or (0F5;7B1)OVERLAP_F_B, empty fields where a rank
 * waits. What PyTorch puts between them (SEND_F, RECV_F, SEND_B, RECV_B, UNSHARD, RESHARD, REDUCE_GRAD) is passed over, for it follows from the
 * order of computation. Throws E105 for what is no action, and whatever `verifySchedule` finds.
 */
export function parseActionCsv(text: string, where: string): PipelineSchedule {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
  const problems = new Problems()
  const lists = lines.map((line, rank) => parseLine(line, `${where}:${rank + 1}`, problems))
  problems.throwIfAny()
  const schedule = collect(lists, where)
  verifySchedule(schedule)
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

function parseLine(line: string, where: string, problems: Problems): Action[] {
  const list: Action[] = []
  line.split(',').forEach((quoted, k) => {
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

/** Stages and microbatches are counted, and a stage is on the rank that runs it first. */
function collect(lists: readonly (readonly Action[])[], where: string): PipelineSchedule {
  let stages = 0
  let microbatches = 0
  let forwards = 0
  for (const list of lists)
    for (const { kind, stage, microbatch } of list) {
      stages = Math.max(stages, stage + 1)
      microbatches = Math.max(microbatches, microbatch + 1)
      if (kind === 'F') forwards++
    }
  if (forwards === 0) fail('E606', 'there is no forward pass', { where })
  if (forwards !== stages * microbatches)
    fail('E606', 'the schedule is not complete', {
      where,
      expected: `${stages} stages x ${microbatches} microbatches = ${stages * microbatches} forward passes`,
      found: String(forwards),
    })
  const stageRank = new Int32Array(stages).fill(-1)
  lists.forEach((list, rank) => {
    for (const { stage } of list) if (stageRank[stage] < 0) stageRank[stage] = rank
  })
  const actions = lists.map((list) => Int32Array.from(list, (action) => packAction(action, microbatches)))
  return { name: 'csv', ranks: lists.length, stages, copies: 1, microbatches, stageRank, actions }
}
