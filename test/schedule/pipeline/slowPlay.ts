import {
  type Action,
  actionLists,
  type PipelineSchedule,
  type ScheduleTicks,
} from '../../../src/schedule/pipeline/index.js'

export interface TimedAction extends Action {
  readonly rank: number
  readonly start: number
  readonly end: number
}

/** Plays a schedule by its definition: of all actions that may start, any; until nothing is left. Quadratic. Times are one for all stages. */
export function slowPlay(schedule: PipelineSchedule, ticks: ScheduleTicks): TimedAction[] {
  const { stages, copies, stageRank } = schedule
  const last = stages / copies - 1
  const [f, i, w] = [ticks.forward, ticks.input, ticks.weight].map(Number)
  const took = { F: f, I: i, W: w, B: i + w }
  const steps = actionLists(schedule).map((list) =>
    list.flatMap((action, k) => (list[k - 1]?.paired ? [] : [action.paired ? [action, list[k + 1]] : [action]])),
  )
  const end = new Map<string, number>()
  const timed: TimedAction[] = []
  const free = new Array<number>(schedule.ranks).fill(0)
  const readyAt = ({ kind, stage, microbatch }: Action, rank: number): number | undefined => {
    if (kind === 'W' || stage % (last + 1) === (kind === 'F' ? 0 : last)) return 0
    const from = kind === 'F' ? stage - 1 : stage + 1
    const ended = end.get(`${from}${kind === 'F' ? 'F' : 'I'}${microbatch}`)
    return ended === undefined ? undefined : ended + (stageRank[from] === rank ? 0 : (ticks.hop ?? 0))
  }
  for (let isMoving = true; isMoving; ) {
    isMoving = false
    steps.forEach((list, rank) => {
      const ready = list[0]?.map((action) => readyAt(action, rank))
      if (!ready || ready.includes(undefined)) return
      const step = list.shift()!
      const start = Math.max(free[rank], ...ready.map(Number))
      const apart = step.reduce((sum, { kind }) => sum + took[kind], 0)
      free[rank] = start + (step.length === 2 && ticks.pair !== undefined ? Number(ticks.pair) : apart)
      for (const action of step) {
        if (action.kind !== 'W')
          end.set(`${action.stage}${action.kind === 'F' ? 'F' : 'I'}${action.microbatch}`, free[rank])
        timed.push({ ...action, rank, start, end: free[rank] })
      }
      isMoving = true
    })
  }
  return timed
}
