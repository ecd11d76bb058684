import { type Action, actionLists, type PipelineSchedule } from '../../schedule/pipeline/index.js'
import { type TaskGraph, TaskGraphBuilder } from '../engine/index.js'
import { kindOf, type Work } from './workKinds.js'

/**
 * A run as tasks, one representative of each pipeline rank: its peers in the other axes do the same at the same time. Streams 2r and 2r + 1 are a rank's
 * compute and its exchanges; transfers between stages run beside both. Ticks are zero: they are filled in by kind, as often as costs change.
 */
export function lowerRun(program: PipelineSchedule): TaskGraph {
  const { stages, microbatches } = program
  const builder = new TaskGraphBuilder(program.actions.reduce((sum, list) => sum + 3 * list.length, 64))
  const add = (stage: number, work: Work): number => builder.add(0, kindOf(stage, work))
  const forward = new Passes(stages * microbatches)
  const backward = new Passes(stages * microbatches)

  actionLists(program).forEach((list, rank) => {
    const finalBackward = lastBackwards(list)
    let before = -1
    list.forEach((action, k) => {
      const { kind, stage, microbatch } = action
      if (finalBackward.get(stage) === k) {
        add(stage, 'hidden-exchange')
        builder.onStream(2 * rank + 1)
        if (before >= 0) builder.after(before)
      }
      before = add(stage, computeWork[kind])
      builder.onStream(2 * rank)
      if (kind === 'W') return
      const unit = stage * microbatches + microbatch
      const pass = kind === 'F' ? forward : backward
      pass.first[unit] = before
      pass.last[unit] = before
      // A pair begins when both its halves can, and what both hand on leaves at its end.
      const half = list[k - 1]
      if (kind !== 'B' || !half?.paired) return
      const halfUnit = half.stage * microbatches + half.microbatch
      pass.first[unit] = forward.first[halfUnit]
      forward.last[halfUnit] = before
    })
  })
  connectStages(program, builder, add, forward, backward)
  finishStep(program, builder, add)
  return builder.build()
}

/** The tasks with which each stage's pass over each microbatch begins and ends. */
class Passes {
  readonly first: Int32Array
  readonly last: Int32Array

  constructor(units: number) {
    this.first = new Int32Array(units)
    this.last = new Int32Array(units)
  }
}

const computeWork = { F: 'forward', B: 'backward', I: 'input-gradient', W: 'weight-gradient' } as const

/** Where in a rank's list each of its stages computes gradients of weights for the last time. */
function lastBackwards(list: readonly Action[]): ReadonlyMap<number, number> {
  const last = new Map<number, number>()
  list.forEach(({ kind, stage }, k) => {
    if (kind === 'B' || kind === 'W') last.set(stage, k)
  })
  return last
}

type Add = (stage: number, work: Work) => number

/** Forward goes up the stages and backward down, through a transfer where the next stage is another rank's. */
function connectStages(
  { stages, copies, microbatches, stageRank }: PipelineSchedule,
  builder: TaskGraphBuilder,
  add: Add,
  forward: Passes,
  backward: Passes,
): void {
  const perCopy = stages / copies
  const share = microbatches / copies
  const connect = (pass: Passes, from: number, to: number, work: Work) => {
    const copy = Math.floor(from / perCopy)
    for (let m = copy * share; m < (copy + 1) * share; m++) {
      const source = pass.last[from * microbatches + m]
      const target = pass.first[to * microbatches + m]
      if (stageRank[from] === stageRank[to]) {
        builder.addEdge(source, target)
        continue
      }
      const transfer = add(from, work)
      builder.after(source)
      builder.addEdge(transfer, target)
    }
  }
  for (let s = 0; s + 1 < stages; s++) {
    if ((s + 1) % perCopy === 0) continue
    connect(forward, s, s + 1, 'send-forward')
    connect(backward, s + 1, s, 'send-backward')
  }
}

/** What is left of the exchanges; then, for the norm of all gradients is awaited, the optimizer everywhere at once; then parameters come back. */
function finishStep({ stages, stageRank, actions }: PipelineSchedule, builder: TaskGraphBuilder, add: Add): void {
  const ofRank = actions.map((_, rank) =>
    Array.from({ length: stages }, (_, s) => s).filter((s) => stageRank[s] === rank),
  )
  const exchanged = ofRank.flatMap((own, rank) =>
    own.map((stage, k) => {
      const task = add(stage, 'exposed-exchange')
      builder.onStream(2 * rank + 1)
      if (k === 0) builder.onStream(2 * rank)
      return task
    }),
  )
  const gathered = ofRank.flatMap((own, rank) => {
    const steps = own.map((stage, k) => {
      const task = add(stage, 'optimizer')
      builder.onStream(2 * rank)
      if (k === 0) for (const before of exchanged) builder.after(before)
      return task
    })
    return own.map((stage, k) => {
      const task = add(stage, 'parameter-gather')
      builder.onStream(2 * rank + 1)
      builder.after(steps[k])
      return task
    })
  })
  add(0, 'step')
  for (const before of gathered) builder.after(before)
}
