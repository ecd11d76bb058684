import { isExpertLayer } from '../../model/index.js'
import { layerParameters, type RankParameters, rankParameters, stageKey } from '../trainingMemory/index.js'
import { type CostContext, tokensPerRank } from './context.js'
import {
  crossesDomains,
  exchangedParts,
  type StepExchanges,
  shardExchange,
  stageTransfer,
  stepExchanges,
} from './exchange.js'
import { embeddingSeconds, headSeconds } from './head.js'
import { type LayerSeconds, layerSeconds } from './layer.js'
import { optimizerSeconds } from './optimizerStep.js'
import { codecSeconds, type Exchange, exchangesSeconds, travelling } from './traffic.js'

/** One pass of one microbatch over one stage: what the device computes, and what it waits for of its own collectives. */
export interface StagePass {
  readonly compute: number
  readonly communication: number
}

export interface StageSeconds {
  readonly forward: StagePass
  readonly backward: StagePass
  /** Of backward's compute, what a split backward can put off. */
  readonly weightGradient: number
  /** Output to the next stage; the gradient comes back alike. */
  readonly transfer: Exchange
  readonly exchanges: StepExchanges
  /** Encoding and decoding of what every step exchanges; nothing hides it. */
  readonly codec: number
  /** One meeting of ranks that step locally between: encoding, decoding and the outer step; then what may run under the steps that follow. */
  readonly sync: { readonly codec: number; readonly exchange: number }
  readonly optimizer: number
}

/** A stage's layers and tables, as `plan/stageLayout` deals them. */
export interface StageLike {
  readonly firstLayer: number
  readonly layerCount: number
  readonly hasEmbedding: boolean
  readonly hasHead: boolean
}

/** Costs every stage of a run; layers alike are costed once, and stages alike. */
export function stageSeconds(context: CostContext, stages: readonly StageLike[]): readonly StageSeconds[] {
  const kinds = new Map<boolean, LayerPasses>()
  const passesOf = (layer: number): LayerPasses => {
    const withExperts = isExpertLayer(context.model, layer)
    let passes = kinds.get(withExperts)
    if (!passes) {
      passes = overlapped(context, layer, layerSeconds(context, withExperts))
      kinds.set(withExperts, passes)
    }
    return passes
  }
  const contents = new Map<string, Omit<StageSeconds, 'transfer'>>()
  const contentOf = (stage: StageLike) => {
    const key = stageKey(context.model, stage)
    if (!contents.has(key)) contents.set(key, costOf(stage))
    return contents.get(key)!
  }
  const transfers = new Map<boolean, Exchange>()
  const transferOf = (s: number) => {
    const leaves = crossesDomains(context, context.stageRank[s], neighbourRank(context, stages, s))
    if (!transfers.has(leaves)) transfers.set(leaves, stageTransfer(context, tokensPerRank(context), leaves))
    return transfers.get(leaves)!
  }
  return stages.map((stage, s) => ({ ...contentOf(stage), transfer: transferOf(s) }))

  function costOf(stage: StageLike): Omit<StageSeconds, 'transfer'> {
    const forward = { compute: 0, communication: 0 }
    const backward = { compute: 0, communication: 0 }
    let weightGradient = 0
    for (let layer = stage.firstLayer; layer < stage.firstLayer + stage.layerCount; layer++) {
      const passes = passesOf(layer)
      add(forward, passes.forward)
      add(backward, passes.backward)
      weightGradient += passes.weightGradient
    }
    if (stage.hasEmbedding) addCompute(forward, backward, embeddingSeconds(context))
    if (stage.hasHead) {
      const head = headSeconds(context)
      addCompute(forward, backward, head)
      weightGradient += head.backward / 2
    }
    const parameters = rankParameters(context.model, stage, context.sharing.degrees)
    return {
      forward,
      backward,
      weightGradient,
      ...(context.sharing.fullyShard ? unexchanged : dataExchanges(context, parameters, stage.layerCount)),
      optimizer: optimizerSeconds(context, parameters, stage),
    }
  }
}

const unexchanged = { exchanges: { gradients: [], parameters: [] }, codec: 0, sync: { codec: 0, exchange: 0 } }

/** What data-parallel ranks exchange of a stage: every step, and now and then. */
function dataExchanges(
  context: CostContext,
  parameters: RankParameters,
  layers: number,
): Pick<StageSeconds, 'exchanges' | 'codec' | 'sync'> {
  const exchanges = stepExchanges(context, parameters, layers)
  const plan = context.sharing.communication
  if (!plan) return { ...unexchanged, exchanges }
  // What ranks send when they meet is one piece, not one a layer.
  const parts = exchangedParts(context, parameters, 0)
  const elements = parts.reduce((sum, part) => sum + part.elements, 0)
  const codec =
    codecSeconds(context, elements, plan.gradients) +
    (context.sharing.zeroStage >= 1 ? codecSeconds(context, elements, plan.parameters) : 0)
  const { sync } = plan
  if (!sync) return { ...unexchanged, exchanges, codec }
  const seconds = parts.map((part) =>
    exchangesSeconds(travelling(part.link, part.elements / sync.fragments, sync, context.habits.gradientBytes, 2)),
  )
  return {
    exchanges,
    codec,
    sync: {
      codec: codecSeconds(context, elements / sync.fragments, sync),
      exchange: seconds.reduce((sum, each) => sum + each, 0),
    },
  }
}

/**
 * Where a stage sends: to the next of its copy of the model; the last is taken to be as far from the first, and one whose next is on the same rank as far as
 * the one before it, whose gradients it sends.
 */
function neighbourRank({ stageRank }: CostContext, stages: readonly StageLike[], s: number): number {
  const first = stages.findLastIndex((stage, k) => k <= s && stage.hasEmbedding)
  const isLast = s + 1 >= stages.length || stages[s + 1].hasEmbedding
  const candidates = [isLast ? first : s + 1, s > first ? s - 1 : s]
  const other = candidates.find((k) => stageRank[k] !== stageRank[s])
  return stageRank[other ?? s]
}

interface LayerPasses {
  readonly forward: StagePass
  readonly backward: StagePass
  readonly weightGradient: number
}

/**
 * A layer under full sharding: its gather runs beside the layer before it, its scatter beside the layer after it, so a pass lasts as long as the longer of
 * compute and exchange, and what is hidden still slows compute by a share.
 */
function overlapped(context: CostContext, layer: number, seconds: LayerSeconds): LayerPasses {
  const forward = { compute: seconds.forwardCompute, communication: seconds.forwardCommunication }
  const backward = { compute: seconds.backwardCompute, communication: seconds.backwardCommunication }
  const { weightGradient } = seconds
  if (!context.sharing.fullyShard) return { forward, backward, weightGradient }
  const { gather, scatter } = shardExchange(context, layerParameters(context.model, context.sharing.degrees)(layer))
  const gathers = context.sharing.zeroStage >= 3 ? 1 : 0
  return {
    forward: beside(forward, gather * (gathers || firstOnly(context)), context),
    backward: beside(backward, gather * gathers + scatter, context),
    weightGradient,
  }
}

/** Parameters that stay gathered are gathered for the first microbatch only. */
function firstOnly({ recipe, sharing }: CostContext): number {
  return 1 / Math.max(1, Math.round(recipe.globalBatch / (sharing.degrees.data * recipe.microbatch)))
}

function beside(pass: StagePass, exchange: number, { coefficients: c }: CostContext): StagePass {
  const work = pass.compute + pass.communication
  const slowed = c.overlapSlowdown * Math.min(work, exchange)
  return {
    compute: pass.compute,
    communication: pass.communication + Math.max(0, exchange - work) + slowed,
  }
}

function add(sum: { compute: number; communication: number }, part: StagePass): void {
  sum.compute += part.compute
  sum.communication += part.communication
}

function addCompute(
  forward: { compute: number },
  backward: { compute: number },
  part: { forward: number; backward: number },
): void {
  forward.compute += part.forward
  backward.compute += part.backward
}
