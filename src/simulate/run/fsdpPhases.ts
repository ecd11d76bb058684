import { type FsdpMemory, type FsdpPolicy, fsdpMemory } from '../../cost/fsdpMemory/index.js'
import type { Sharing, TrainingRun } from '../../model/index.js'
import type { PreparedRun } from './prepareRun.js'

/** How FSDP2 is set up for a run, as far as it is said; the rest takes FSDP2's own defaults. */
export type FsdpSetting = Partial<{ -readonly [Key in keyof FsdpPolicy]: FsdpPolicy[Key] | undefined }> & {
  readonly replicate?: number | undefined
  readonly rank?: number | undefined
}

/** FSDP2's memory to the byte for a run whose data-parallel ranks share everything and nothing else is shared (FORMATS, "Memory of FSDP"). */
export function fsdpPhases({ run, sharing, microbatches }: PreparedRun, setting: FsdpSetting): FsdpMemory {
  const replicas = setting.replicate ?? 1
  const narrow = run.recipe.precision === 'fp16' ? 'fp16' : run.recipe.precision === 'fp32' ? 'fp32' : 'bf16'
  const account = fsdpMemory({
    model: run.model,
    batch: run.recipe.microbatch,
    seq: run.model.seq,
    shardRanks: Math.max(1, Math.floor(sharing.degrees.data / replicas)),
    replicas,
    rank: Math.min(setting.rank ?? 0, sharing.degrees.data - 1),
    recompute: run.recipe.recompute === 'full' ? 'full' : 'none',
    policy: {
      units: setting.units ?? 'block+root',
      reshardAfterForward: setting.reshardAfterForward ?? true,
      originalDtype: setting.originalDtype ?? 'fp32',
      parameterDtype: setting.parameterDtype === undefined ? narrow : setting.parameterDtype,
      reduceDtype: setting.reduceDtype ?? null,
      prefetch: setting.prefetch ?? 'implicit',
      optimizer: setting.optimizer ?? 'adamw-foreach',
      clipGradients: setting.clipGradients ?? false,
      accumulation: setting.accumulation ?? microbatches,
      syncEveryMicrobatch: setting.syncEveryMicrobatch ?? true,
      loss: setting.loss ?? 'ce-fp32',
    },
  })
  const reasons = [...(account.notExactBecause ?? []), ...outsideAccount(run, sharing, replicas)]
  return { ...account, exact: reasons.length === 0, ...(reasons.length > 0 && { notExactBecause: reasons }) }
}

/** What the account knows nothing of: it is of one rank whose peers share data alone. */
function outsideAccount(run: TrainingRun, sharing: Sharing, replicas: number): string[] {
  const { degrees, offload, communication } = sharing
  const { tensor, pipeline, context, expert, data } = degrees
  const others = tensor * pipeline * context * expert > 1
  return [
    ...(others ? ['tensor, pipeline, context and expert parallelism: not counted'] : []),
    ...(run.recipe.recompute === 'selective' ? ['selective recomputation: counted as none'] : []),
    ...(offload ? ['offload: the optimizer is counted on the device'] : []),
    ...(communication?.stateBytes ? [`${communication.methods.join(', ')}: their state is not counted`] : []),
    ...(data % replicas === 0 ? [] : [`${data} ranks in ${replicas} replicas: counted as whole shards`]),
  ]
}
