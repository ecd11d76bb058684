import { type CostContext, tokensPerRank } from './context.js'
import { mlpProducts } from './layer.js'
import { domainNetwork, linkOf } from './links.js'
import { matmulSeconds, matrixRate } from './matmul.js'

/** A layer of experts on one rank: compute of both passes, and one exposed all-to-all. */
export interface ExpertSeconds {
  readonly forward: number
  readonly backward: number
  /** One direction: dispatch or combine. */
  readonly communication: number
  readonly weightGradient: number
}

/**
 * Router, permutation, grouped products and shared experts, with tokens spread evenly. Tensor ranks share the tokens (sequence parallelism) and hold whole experts, so a rank meets
 * tokens x topK / tp rows of them.
 */
export function expertSeconds(context: CostContext): ExpertSeconds {
  const { model, recipe, sharing, cluster, coefficients: c } = context
  const { tensor: t, expert: ep } = sharing.degrees
  const n = tokensPerRank(context)
  const rows = (n * model.topK) / t
  const local = Math.max(1, model.experts / ep)
  const wide = matrixRate(cluster.sheet.kind, 'bf16', c)
  const plain = matrixRate(cluster.sheet.kind, recipe.precision, c)
  const gain = Math.max(1, plain.flopsPerSecond / wide.flopsPerSecond) ** c.expertPrecisionGain
  const rate = { ...plain, flopsPerSecond: wide.flopsPerSecond * gain * c.expertEfficiency }
  const grouped = local * mlpProducts(context, rate, rows / local, model.expertFfn)
  const router = matmulSeconds(context, wide, n / t, model.experts, model.hidden)
  const shared = model.sharedFfn ? mlpProducts(context, plain, n, model.sharedFfn / t) : 0
  const permuted = (c.expertTraffic * 4 * 2 * rows * model.hidden) / cluster.sheet.kind.memoryBytesPerSecond
  return {
    forward: grouped + router + shared + permuted,
    backward: 2 * (grouped + router + shared) + permuted,
    communication: allToAllSeconds(context, rows),
    weightGradient: grouped + router + shared,
  }
}

/** Rows leave for the ranks of their experts; those for one host travel once and spread there. */
function allToAllSeconds(context: CostContext, rows: number): number {
  const { model, sharing, cluster, coefficients: c } = context
  const { expert: ep } = sharing.degrees
  if (ep === 1) return 0
  const link = linkOf(context, ep, 1)
  const bytes = 2 * rows * model.hidden
  const intra = c.intraRateShare * cluster.intraHostBytesPerSecond
  const perDomain = Math.min(cluster.domainDevices, ep)
  const inside = (bytes * (1 - 1 / ep)) / (intra * c.allToAllRateShare)
  if (link.domains === 1) return c.collectiveSeconds + inside
  const copies = Math.min(model.topK, link.domains) / model.topK
  const crossing = bytes * copies * (1 - 1 / link.domains) * perDomain
  const network = c.interRateShare * domainNetwork(cluster) * c.allToAllRateShare
  return link.latencySeconds + Math.max(inside, crossing / network)
}
