import { type Action, actionLists, type PipelineSchedule } from '../../schedule/pipeline/index.js'
import { type TaskGraph, TaskGraphBuilder } from '../engine/index.js'
import { finishStep } from './finishStep.js'
import { type LoweredRun, lastBackwards, Passes, type Team } from './loweredRun.js'
import { type NetworkOf, ownLinks } from './network.js'
import { kindOf, type Work } from './workKinds.js'

/**
 * The ranks of each stage that are played. They fall into teams, whose members meet in the collectives of every pass (tensor and context parallelism, and
 * whatever full sharding or experts tie together) and which meet one another once a step, to exchange gradients.
 */
export interface PlayedRanks {
  /** What each team plays. All have the same stages, not always the same microbatches. */
  readonly programs: readonly PipelineSchedule[]
  /** Ranks of a stage that are one team. */
  readonly members: number
  /** A member exchanges gradients with those that lie a multiple of this apart; it divides `members`. */
  readonly tensor: number
}

/** One representative of each pipeline rank: its peers in all other axes do the same at the same time. */
export function folded(program: PipelineSchedule): PlayedRanks {
  return { programs: [program], members: 1, tensor: 1 }
}

/**
 * A run as tasks. Rank (pipeline rank x teams + team) x members + member computes on stream 2 x rank and exchanges on the one after it; transfers between
 * stages run beside both.
 * Ticks are filled in by kind, as often as costs change; those of flows are their latency.
 */
export function lowerRun({ programs, members, tensor }: PlayedRanks, networkOf: NetworkOf = ownLinks): TaskGraph {
  const [program] = programs
  const actions = programs.reduce((sum, each) => sum + each.actions.reduce((total, list) => total + list.length, 0), 0)
  const builder = new TaskGraphBuilder((2 * members + 1) * actions + 64)
  const lowered: LoweredRun = {
    builder,
    program,
    members,
    tensor,
    network: networkOf(builder),
    ranksOfStage: programs.length * members,
    beforeLastBackward: new Int32Array(program.stages * programs.length * members).fill(-1),
    add: (stage: number, work: Work) => builder.add(0, kindOf(stage, work)),
  }
  const listsOf = new Map(programs.map((each) => [each, actionLists(each)]))
  programs.forEach((each, number) => {
    const units = each.stages * each.microbatches * members
    const team: Team = { number, program: each, forward: new Passes(units), backward: new Passes(units) }
    listsOf.get(each)!.forEach((list, rank) => {
      playList(lowered, team, rank, list)
    })
    connectStages(lowered, team)
  })
  finishStep(lowered)
  return builder.build()
}

const computeWork = { F: 'forward', B: 'backward', I: 'input-gradient', W: 'weight-gradient' } as const
const collectiveWork = { F: 'forward-collective', B: 'backward-collective', I: 'backward-collective' } as const

/** The list of one pipeline rank, by every member of a team. */
function playList(lowered: LoweredRun, team: Team, rank: number, list: readonly Action[]): void {
  const { builder, members, add, ranksOfStage, beforeLastBackward } = lowered
  const { microbatches } = team.program
  const place = team.number * members
  const stream = (member: number) => 2 * (rank * ranksOfStage + place + member)
  const finalBackward = lastBackwards(list)
  const before = new Int32Array(members).fill(-1)
  list.forEach((action, k) => {
    const { kind, stage, microbatch } = action
    if (finalBackward.get(stage) === k) beforeLastBackward.set(before, stage * ranksOfStage + place)
    const unit = (stage * microbatches + microbatch) * members
    const pass = kind === 'F' ? team.forward : team.backward
    for (let member = 0; member < members; member++) {
      before[member] = add(stage, computeWork[kind])
      builder.onStream(stream(member))
      if (kind !== 'W') pass.first[unit + member] = before[member]
    }
    if (kind === 'W') return
    if (members > 1) {
      before.fill(add(stage, collectiveWork[kind]))
      for (let member = 0; member < members; member++) builder.onStream(stream(member))
    }
    pass.last.set(before, unit)
    // A pair begins when both its halves can, and what both hand on leaves at its end.
    const half = list[k - 1]
    if (kind !== 'B' || !half?.paired) return
    const halfUnit = (half.stage * microbatches + half.microbatch) * members
    pass.first.set(team.forward.first.subarray(halfUnit, halfUnit + members), unit)
    team.forward.last.set(before, halfUnit)
  })
}

/** Forward goes up the stages and backward down, through a transfer where the next stage is another rank's. */
function connectStages({ builder, network, members, ranksOfStage }: LoweredRun, team: Team): void {
  const { program, forward, backward } = team
  const { stages, copies, microbatches, stageRank } = program
  const perCopy = stages / copies
  const share = microbatches / copies
  const connect = (pass: Passes, from: number, to: number, work: Work) => {
    const copy = Math.floor(from / perCopy)
    for (let at = copy * share * members; at < (copy + 1) * share * members; at++) {
      const source = pass.last[from * microbatches * members + at]
      const target = pass.first[to * microbatches * members + at]
      if (stageRank[from] === stageRank[to]) {
        builder.addEdge(source, target)
        continue
      }
      const place = team.number * members + (at % members)
      const rankOf = (stage: number) => stageRank[stage] * ranksOfStage + place
      const transfer = network.send(from, work, rankOf(from), rankOf(to))
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
