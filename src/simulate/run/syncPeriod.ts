import type { StageSeconds } from '../../cost/training/index.js'
import type { PreparedRun } from './prepareRun.js'

/** A run with other than exact exchanges: which, and its steps from one meeting of ranks to the next. */
export interface RunCommunication {
  readonly methods: readonly string[]
  /** A mean where fragments of the model take turns. */
  readonly periodSteps: number
  readonly localStepSeconds: number
  readonly longestStepSeconds: number
}

export interface SyncPeriod {
  /** Mean of a period. */
  readonly stepSeconds: number
  /** Of them for the meeting. */
  readonly syncSeconds: number
  readonly communication?: RunCommunication
}

/**
 * Mean and longest step of ranks that meet now and then. A meeting's exchange runs under the steps that follow, as many as the method lets run on and
 * no more than there are until the next: max(0, exchange - window x step) is felt (arXiv 2401.16265, section 3.1). The busiest pipeline rank decides.
 */
export function syncPeriod(
  { sharing, program }: Pick<PreparedRun, 'sharing' | 'program'>,
  stages: readonly StageSeconds[],
  localStepSeconds: number,
): SyncPeriod {
  const plan = sharing.communication
  if (!plan) return { stepSeconds: localStepSeconds, syncSeconds: 0 }
  const { methods, sync } = plan
  const periodSteps = sync ? sync.everySteps / sync.fragments : 1
  const windowSeconds = Math.min(sync?.overlapSteps ?? 0, periodSteps) * localStepSeconds
  const felt = program.actions.map((_, rank) => {
    const own = stages.filter((_, stage) => program.stageRank[stage] === rank)
    const codec = own.reduce((sum, stage) => sum + stage.sync.codec, 0)
    const exchange = own.reduce((sum, stage) => sum + stage.sync.exchange, 0)
    return codec + Math.max(0, exchange - windowSeconds)
  })
  const meeting = Math.max(0, ...felt)
  const syncSeconds = meeting / periodSteps
  return {
    stepSeconds: localStepSeconds + syncSeconds,
    syncSeconds,
    communication: { methods, periodSteps, localStepSeconds, longestStepSeconds: localStepSeconds + meeting },
  }
}
