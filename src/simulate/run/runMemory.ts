import {
  type CostContext,
  type MemoryCoefficients,
  type StageLike,
  shardedUnitBytes,
} from '../../cost/training/index.js'
import {
  activationBytes,
  expertLayersOf,
  type LayerKind,
  optimizerPresets,
  persistentBytes,
  type RankParameters,
  rankParameters,
  stageKey,
  stateLayouts,
} from '../../cost/trainingMemory/index.js'
import type { Moment } from '../../schedule/pipeline/index.js'

/** What one rank holds at its fullest, by what it is. */
export interface RankMemory {
  readonly parameters: number
  readonly gradients: number
  readonly optimizer: number
  readonly activations: number
  readonly temporary: number
  readonly communication: number
  readonly peakBytes: number
}

/** Memory of one pipeline rank with these stages, at the fullest of the moments its program brings. */
export type RankMemoryOf = (stages: readonly StageLike[], moments: readonly Moment[]) => RankMemory

/**
 * Memory of the pipeline ranks of a run: states, what microbatches in flight keep, and what the pass at hand needs beside. Stages that hold the same are counted once.
 */
export function rankMemories(context: CostContext, memory: MemoryCoefficients): RankMemoryOf {
  const keyOf = (stages: readonly StageLike[]) => stages.map((stage) => stageKey(context.model, stage)).join()
  const lasting = remembered(keyOf, (stages) => ({
    ...states(context, memory, stages),
    communication: memory.fixedBytes + shardedUnitBytes(context, stages) + methodBytes(context, stages),
  }))
  const activationsOf = remembered(
    (stage: StageLike) => stageKey(context.model, stage),
    (stage) => stageActivations(context, memory, stage),
  )
  return (stages, moments) => {
    const { parameters, gradients, optimizer, communication } = lasting(stages)
    const bytesOf = stages.map(activationsOf)
    let activations = 0
    let temporary = 0
    for (const { place, live } of moments) {
      const kept = live.reduce((sum, count, k) => sum + count * bytesOf[k].kept, 0)
      const { beside } = bytesOf[place]
      if (kept + beside <= activations + temporary) continue
      activations = kept
      temporary = beside
    }
    const peakBytes = parameters + gradients + optimizer + activations + temporary + communication
    return { parameters, gradients, optimizer, activations, temporary, communication, peakBytes }
  }
}

function remembered<Key, Value>(keyOf: (key: Key) => string, make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<string, Value>()
  return (key) => {
    const text = keyOf(key)
    if (!known.has(text)) known.set(text, make(key))
    return known.get(text)!
  }
}

/** State of communication methods: residuals, momenta, copies of weights. Every rank has its own. */
function methodBytes(context: CostContext, stages: readonly StageLike[]): number {
  const { dense, expert } = heldParameters(context, stages)
  return (context.sharing.communication?.stateBytes ?? 0) * (dense + expert)
}

function heldParameters(context: CostContext, stages: readonly StageLike[]): RankParameters {
  const sum = { dense: 0, expert: 0 }
  for (const stage of stages) {
    const share = rankParameters(context.model, stage, context.sharing.degrees)
    sum.dense += share.dense
    sum.expert += share.expert
  }
  return sum
}

function states(context: CostContext, memory: MemoryCoefficients, stages: readonly StageLike[]) {
  const { model, sharing, recipe, habits } = context
  const held = persistentBytes(heldParameters(context, stages), {
    degrees: sharing.degrees,
    zeroStage: sharing.zeroStage,
    layout: stateLayouts[habits.stateLayout],
    optimizer: optimizerPresets[recipe.optimizer] ?? optimizerPresets.adamw,
    matrix: { rows: model.hidden, columns: model.hidden },
  })
  const scale = memory.stateScale
  return {
    parameters: scale * held.weights,
    gradients: scale * held.gradients,
    optimizer: sharing.offload ? 0 : scale * held.optimizer,
  }
}

/** What one microbatch keeps on a stage, and what its passes need beside that. */
function stageActivations(context: CostContext, memory: MemoryCoefficients, stage: StageLike) {
  const { model, recipe, sharing, habits } = context
  const { tensor, context: cp, expert } = sharing.degrees
  const tokens = (recipe.microbatch * model.seq) / cp
  const spread = sharing.sequenceParallel ? tensor : 1
  const options = {
    tokensPerRank: tokens,
    batch: recipe.microbatch,
    tp: tensor,
    sequenceParallel: sharing.sequenceParallel,
    cp,
    ep: expert,
    recompute: recipe.recompute,
    precision: recipe.precision,
  }
  const kernel = habits.unfusedAttention ? { ...model, attentionKernel: 'math' as const } : model
  const of = (kind: LayerKind, recompute = recipe.recompute) => {
    const { total, mlp } = activationBytes(kernel, kind, { ...options, recompute })
    return memory.activationScale * (total - mlp) + memory.mlpScale * mlp
  }
  const expertLayers = expertLayersOf(model, stage)
  const plainLayers = stage.layerCount - expertLayers
  const layers = plainLayers * (plainLayers ? of('dense') : 0) + expertLayers * (expertLayers ? of('expert') : 0)
  const gathered = recipe.recompute === 'full' ? 0 : memory.gatheredBytes * stage.layerCount * tokens * model.hidden
  // A layer computed again stands whole while its backward runs.
  const again = recipe.recompute === 'full' && stage.layerCount ? of(expertLayers ? 'expert' : 'dense', 'none') : 0
  const logits = stage.hasHead ? (memory.logitBytes * tokens * model.vocab) / tensor : 0
  return {
    kept: layers + gathered + (memory.edgeBytes * tokens * model.hidden) / spread,
    beside: memory.workingBytes * tokens * model.hidden + again + logits,
  }
}
