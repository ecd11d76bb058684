import { fail } from '../../errors/index.js'
import { type PipelineSchedule, pipelineSchedule } from '../../schedule/pipeline/index.js'
import type { PlayedRanks } from './lowerRun.js'
import type { PreparedRun } from './prepareRun.js'

/**
 * Every rank of a run and every microbatch. A mesh numbers tensor ranks first, then context, then data (`meshAxes`), so a team of neighbours is what meets in
 * every pass: the tensor and context ranks of one replica, with experts spread wider all that share them, with full sharding the whole stage.
 */
export function everyRank(prepared: PreparedRun): PlayedRanks {
  const { degrees } = prepared.sharing
  const members = teamSize(prepared)
  const teams = (degrees.data * degrees.context * degrees.tensor) / members
  return {
    programs: new Array(teams).fill(wholeProgram(prepared, prepared.microbatches)),
    members,
    tensor: degrees.tensor,
  }
}

function teamSize({ run, sharing }: PreparedRun): number {
  const { data, context, tensor, expert } = sharing.degrees
  const ofReplica = context * tensor
  const ofStage = data * ofReplica
  if (sharing.fullyShard) return ofStage
  if (run.model.experts === 0 || ofReplica % expert === 0) return ofReplica
  return expert % ofReplica === 0 && ofStage % expert === 0 ? expert : ofStage
}

/** The run's program for so many microbatches, none of them folded away. Throws E605 where there is none. */
export function wholeProgram(
  { program, microbatches: own, sharing }: PreparedRun,
  microbatches: number,
): PipelineSchedule {
  const { name, ranks, stages } = program
  if (microbatches === own && program.microbatches === own) return program
  if (sharing.program) fail('E605', `${name} states ${own} microbatches, not ${microbatches}`)
  return pipelineSchedule(name, { ranks, microbatches, chunks: stages / ranks })
}
