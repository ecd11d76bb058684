import {
  type Calibration,
  type CostContext,
  runInterval,
  type StageSeconds,
  stageSeconds,
} from '../../cost/training/index.js'
import { fullestMoments } from '../../schedule/pipeline/index.js'
import { modelFlops } from './modelFlops.js'
import { playedSeconds } from './playedSeconds.js'
import type { PreparedRun } from './prepareRun.js'
import { runDifficulty } from './runDifficulty.js'
import { runLength } from './runLength.js'
import { type RankMemory, rankMemories } from './runMemory.js'
import { type RunStragglers, runStragglers } from './runStragglers.js'
import { type StepPrice, stepPrice } from './stepPrice.js'
import { type RunCommunication, syncPeriod } from './syncPeriod.js'
import { kindOf, type WorkSeconds, workSeconds } from './workKinds.js'

export interface RunBreakdown {
  readonly compute: number
  readonly exposedCommunication: number
  readonly bubble: number
  readonly optimizer: number
  readonly other: number
}

export interface RunPrediction {
  readonly stepSeconds: number
  readonly stepSecondsInterval: readonly [number, number]
  readonly peakBytes: number
  readonly peakBytesByStage: readonly number[]
  readonly fits: boolean
  /** Of the busiest pipeline rank; the parts add up to the step. */
  readonly breakdown: RunBreakdown
  readonly mfu: number
  /** Of the fullest pipeline rank. */
  readonly memory: Omit<RankMemory, 'peakBytes'>
  /** Does the run train other weights than with exact exchanges? Then step time alone compares nothing. */
  readonly changesConvergence: boolean
  readonly communication?: RunCommunication
  readonly stragglers?: RunStragglers
  readonly price?: StepPrice
  readonly calibration: string
}

/** Step time, where it goes, and memory of a prepared run. */
export function predictRun(prepared: PreparedRun, calibration: Calibration): RunPrediction {
  const { cluster, stack, run } = prepared
  const context = costContext(prepared, calibration.coefficients)
  const stages = stageSeconds(context, prepared.stages)
  const seconds = workSeconds(stages, calibration.coefficients)
  const unequal = runStragglers(prepared, seconds, calibration.coefficients)
  const localSeconds =
    unequal?.stepSeconds ?? playedSeconds(prepared, runLength(prepared), seconds, calibration.coefficients)
  const { stepSeconds, syncSeconds, communication } = syncPeriod(prepared, stages, localSeconds)
  const memoryOf = rankMemories(context, calibration.memory)
  const memories = fullestMoments(prepared.program).map(({ stages: own, moments }) =>
    memoryOf(
      own.map((stage) => prepared.stages[stage]),
      moments,
    ),
  )
  const { peakBytes, ...memory } = memories.reduce((most, each) => (each.peakBytes > most.peakBytes ? each : most))
  const parts = withSync(breakdown(prepared, stages, seconds, localSeconds), syncSeconds)
  const difficulty = runDifficulty(prepared, context, { breakdown: parts, stepSeconds, peakBytes })
  const [low, high] = runInterval(calibration, difficulty, prepared.program.ranks > 1)
  const price = stepPrice(cluster, stepSeconds)
  const peakFlops = cluster.sheet.kind.flopsPerSecond.bf16 ?? cluster.sheet.kind.flopsPerSecond.fp16 ?? Number.NaN
  return {
    stepSeconds,
    stepSecondsInterval: [low * stepSeconds, high * stepSeconds],
    peakBytes,
    peakBytesByStage: memories.map((each) => each.peakBytes),
    fits: peakBytes <= stack.habits.usableMemoryShare * cluster.memoryBytes,
    breakdown: parts,
    mfu: modelFlops(run) / (stepSeconds * peakFlops * cluster.devices),
    memory,
    changesConvergence: prepared.sharing.communication?.changesConvergence ?? false,
    ...(communication && { communication }),
    ...(unequal && { stragglers: unequal.stragglers }),
    ...(price && { price }),
    calibration: calibration.name,
  }
}

export function costContext(prepared: PreparedRun, coefficients: Calibration['coefficients']): CostContext {
  const { run, sharing, cluster, stack } = prepared
  const { stageRank } = prepared.program
  return { model: run.model, recipe: run.recipe, sharing, stageRank, cluster, habits: stack.habits, coefficients }
}

function ownStages({ program, stages }: PreparedRun, rank: number) {
  return stages.map((stage, index) => ({ ...stage, index })).filter(({ index }) => program.stageRank[index] === rank)
}

function withSync(parts: RunBreakdown, syncSeconds: number): RunBreakdown {
  return { ...parts, exposedCommunication: parts.exposedCommunication + syncSeconds }
}

/** What the busiest pipeline rank does; what is left of the step it waits. */
function breakdown(
  prepared: PreparedRun,
  stages: readonly StageSeconds[],
  seconds: WorkSeconds,
  stepSeconds: number,
): RunBreakdown {
  const { program } = prepared
  const microbatches = prepared.microbatches / program.copies
  const ofRank = program.actions.map((_, rank) => {
    const own = ownStages(prepared, rank).map(({ index }) => index)
    const sum = (of: (stage: number) => number) => own.reduce((total, stage) => total + of(stage), 0)
    const compute = microbatches * sum((s) => stages[s].forward.compute + stages[s].backward.compute)
    const passes = microbatches * sum((s) => seconds[kindOf(s, 'forward')] + seconds[kindOf(s, 'backward')])
    const collectives = microbatches * sum((s) => stages[s].forward.communication + stages[s].backward.communication)
    const exchanges = sum((s) => seconds[kindOf(s, 'exposed-exchange')] + seconds[kindOf(s, 'parameter-gather')])
    return {
      compute,
      exposedCommunication: collectives + exchanges,
      optimizer: sum((s) => seconds[kindOf(s, 'optimizer')]),
      other: passes - compute + seconds[kindOf(0, 'step')],
    }
  })
  const busy = (part: (typeof ofRank)[number]) => part.compute + part.exposedCommunication + part.optimizer + part.other
  const busiest = ofRank.reduce((most, each) => (busy(each) > busy(most) ? each : most))
  return { ...busiest, bubble: Math.max(0, stepSeconds - busy(busiest)) }
}
