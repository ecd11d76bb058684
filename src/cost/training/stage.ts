import { isExpertLayer } from '../../model/index.js'
import { type CostContext, tokensPerRank } from './context.js'
import { type ExchangeSeconds, exchangeSeconds, optimizerSeconds, shardExchange, transferSeconds } from './exchange.js'
import { embeddingSeconds, headSeconds } from './head.js'
import { type LayerSeconds, layerSeconds } from './layer.js'
import { layerParameters, stageParameters } from './parameters.js'

/** One pass of one microbatch over one stage: what the device computes, and what it waits for of its own collectives. */
export interface StagePass {
  readonly compute: number
  readonly communication: number
}

export interface StageSeconds {
  readonly forward: StagePass
  readonly backward: StagePass
  /** Output to the next stage, and gradient back. */
  readonly transfer: number
  readonly exchange: ExchangeSeconds
  readonly optimizer: number
}

/** A stage's layers and tables, as `plan/stageLayout` deals them. */
export interface StageLike {
  readonly firstLayer: number
  readonly layerCount: number
  readonly hasEmbedding: boolean
  readonly hasHead: boolean
}

/** Costs every stage of a run; layers alike are costed once. */
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
  const transfer = transferSeconds(context, 2, tokensPerRank(context))
  return stages.map((stage) => {
    const forward = { compute: 0, communication: 0 }
    const backward = { compute: 0, communication: 0 }
    for (let layer = stage.firstLayer; layer < stage.firstLayer + stage.layerCount; layer++) {
      const passes = passesOf(layer)
      add(forward, passes.forward)
      add(backward, passes.backward)
    }
    if (stage.hasEmbedding) addCompute(forward, backward, embeddingSeconds(context))
    if (stage.hasHead) addCompute(forward, backward, headSeconds(context))
    const parameters = stageParameters(context.model, stage)
    return {
      forward,
      backward,
      transfer,
      exchange: context.sharing.fullyShard ? { gradients: 0, parameters: 0 } : exchangeSeconds(context, parameters),
      optimizer: optimizerSeconds(context, parameters),
    }
  })
}

interface LayerPasses {
  readonly forward: StagePass
  readonly backward: StagePass
}

/**
 * A layer under full sharding: its gather runs beside the layer before it, its scatter beside the layer after it, so a pass lasts as long as the longer of
 * compute and exchange, and what is hidden still slows compute by a share.
 */
function overlapped(context: CostContext, layer: number, seconds: LayerSeconds): LayerPasses {
  const forward = { compute: seconds.forwardCompute, communication: seconds.forwardCommunication }
  const backward = { compute: seconds.backwardCompute, communication: seconds.backwardCommunication }
  if (!context.sharing.fullyShard) return { forward, backward }
  const { gather, scatter } = shardExchange(context, layerParameters(context.model)(layer))
  const gathers = context.sharing.zeroStage >= 3 ? 1 : 0
  return {
    forward: beside(forward, gather * (gathers || firstOnly(context)), context),
    backward: beside(backward, gather * gathers + scatter, context),
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
