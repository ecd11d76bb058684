import { moduleNames } from '../graph/index.js'
import { type ModelDescription, meshAxes, type TrainingRun } from '../model/index.js'
import type { PipelineSchedule } from '../schedule/pipeline/index.js'
import type { StageContent } from './stageLayout.js'
import { tensorParallelStyles } from './tensorParallelStyles.js'
import type { Decisions, FsdpUnitDecision, StageDecision } from './types.js'

/** What a run with given degrees decides: mesh, stages as modules, schedule, who shares what, what is computed again. */
export function runDecisions(
  { model, recipe, sharing }: TrainingRun,
  program: PipelineSchedule,
  stages: readonly StageContent[],
  microbatches: number,
): Decisions {
  const { degrees, fullyShard, zeroStage, sequenceParallel } = sharing
  const names = moduleNames(model)
  const layers = `${names.root}${names.layer}.*`
  return {
    mesh: {
      axes: ['pp', 'dp_replicate', 'dp_shard', 'cp', 'tp'],
      shape: [
        degrees.pipeline,
        ...(fullyShard ? [1, degrees.data] : [degrees.data, 1]),
        degrees.context,
        degrees.tensor,
      ],
    },
    stages: stages.map((stage, index) => stageDecision(model, stage, index, stageDevices(sharing, program, index))),
    schedule: { name: program.name, microbatches, microbatch: recipe.microbatch },
    dataParallel: { zeroStage, ...(sharing.offload && { offload: true }) },
    ...(degrees.expert > 1 && { expertParallel: degrees.expert }),
    ...(fullyShard && { fsdp: { units: fsdpUnits(model, zeroStage >= 3) } }),
    ...(degrees.tensor > 1 && { tensorParallel: tensorParallelStyles(model, sequenceParallel) }),
    ...(recipe.recompute !== 'none' && { recompute: { [layers]: recipe.recompute } }),
  }
}

/** Pipeline ranks are the slowest axis of the mesh (`meshAxes`), so a stage has a run of neighbours. */
function stageDevices({ degrees }: TrainingRun['sharing'], program: PipelineSchedule, stage: number): number[] {
  const perStage = meshAxes.slice(1).reduce((product, axis) => product * degrees[axis], 1)
  return Array.from({ length: perStage }, (_, k) => program.stageRank[stage] * perStage + k)
}

function stageDecision(model: ModelDescription, stage: StageContent, index: number, devices: number[]): StageDecision {
  const names = moduleNames(model)
  const layers = Array.from(
    { length: stage.layerCount },
    (_, k) => `${names.root}${names.layer}.${stage.firstLayer + k}`,
  )
  return {
    index,
    devices,
    modules: [
      ...(stage.hasEmbedding ? embeddingModules(model) : []),
      ...layers,
      ...(stage.hasHead ? headModules(model) : []),
    ],
  }
}

function embeddingModules(model: ModelDescription): string[] {
  const { root, tokens, positions } = moduleNames(model)
  return [`${root}${tokens}`, ...(model.positions === 'learned' ? [`${root}${positions}`] : [])]
}

function headModules(model: ModelDescription): string[] {
  const { root, lastNorm, head } = moduleNames(model)
  return [...(model.normPlacement === 'post' ? [] : [`${root}${lastNorm}`]), ...(model.head === 'none' ? [] : [head])]
}

/** A unit a block, and the root for the rest, as FSDP2's users wrap a transformer. */
function fsdpUnits(model: ModelDescription, reshardAfterForward: boolean): readonly FsdpUnitDecision[] {
  const { root, layer } = moduleNames(model)
  const blocks = Array.from({ length: model.layers }, (_, k) => ({
    modules: [`${root}${layer}.${k}`],
    reshardAfterForward,
    shardAxis: 'dp_shard',
  }))
  return [...blocks, { modules: [''], reshardAfterForward: false, shardAxis: 'dp_shard' }]
}
