import { meshStride } from '../../model/index.js'
import type { CostContext } from './context.js'
import { healthyAllReduce } from './layer.js'
import { type GroupLink, linkOf, ringRate } from './links.js'
import type { ParameterShare } from './parameters.js'

/** Bytes that each rank of a group sends around once, and over what. */
export interface Exchange {
  readonly bytes: number
  /** Of all its collectives together. */
  readonly latencySeconds: number
  readonly link: GroupLink
}

/** What data-parallel ranks exchange once a step: gradients, and updated parameters where optimizer state is shared. */
export interface StepExchanges {
  readonly gradients: readonly Exchange[]
  readonly parameters: readonly Exchange[]
}

/** Seconds of an exchange when all groups alike are busy at once and nothing else is. */
export function exchangeSeconds({ bytes, latencySeconds, link }: Exchange): number {
  return latencySeconds + bytes / ringRate(link)
}

/**
 * Gradients are averaged over data and context ranks; those of experts over the ranks that hold the same ones. An all-reduce is a scatter and a gather; with
 * shared optimizer state (ZeRO-1) the gather comes after the step and carries 16-bit parameters.
 */
export function stepExchanges(context: CostContext, parameters: ParameterShare): StepExchanges {
  const { sharing, habits } = context
  const { tensor, expert } = sharing.degrees
  const shares = sharing.zeroStage >= 1
  const parts = [
    { link: dataLink(context), elements: parameters.dense / tensor },
    { link: expertDataLink(context), elements: parameters.expert / expert },
  ].filter(({ link, elements }) => link.ranks > 1 && elements > 0)
  const turns = shares ? 1 : 2
  return {
    gradients: parts.map(({ link, elements }) => around(link, elements * habits.gradientBytes, turns)),
    parameters: shares ? parts.map(({ link, elements }) => around(link, 2 * elements, 1)) : [],
  }
}

/** (d - 1) / d of the bytes cross each rank's link in each turn. */
function around(link: GroupLink, bytes: number, turns: number): Exchange {
  return {
    bytes: (turns * bytes * (link.ranks - 1)) / link.ranks,
    latencySeconds: turns * link.latencySeconds,
    link,
  }
}

export function dataLink(context: CostContext): GroupLink {
  const { degrees } = context.sharing
  return slowedByNetwork(context, linkOf(context, degrees.data * degrees.context, meshStride(degrees, 'context')))
}

function expertDataLink(context: CostContext): GroupLink {
  const { data, context: cp, tensor, expert } = context.sharing.degrees
  return slowedByNetwork(context, linkOf(context, Math.max(1, (data * cp * tensor) / expert), expert))
}

/** The job's own test of its network, as a share of what healthy jobs of the size observe. */
function slowedByNetwork({ cluster, habits }: CostContext, link: GroupLink): GroupLink {
  const observed = cluster.observedAllReduceBytesPerSecond
  if (!habits.congestedRegime || observed === undefined || link.domains === 1) return link
  return { ...link, slowdown: link.slowdown * Math.max(1, healthyAllReduce(cluster.devices) / observed) }
}

/** One gather of a layer's parameters, and one scatter of its gradients, by fully sharded ranks. */
export function shardExchange(context: CostContext, layer: ParameterShare): { gather: number; scatter: number } {
  const { sharing, habits } = context
  const link = dataLink(context)
  if (link.ranks === 1) return { gather: 0, scatter: 0 }
  const elements = layer.dense / sharing.degrees.tensor + layer.expert / sharing.degrees.expert
  return {
    gather: exchangeSeconds(around(link, 2 * elements, 1)),
    scatter: exchangeSeconds(around(link, habits.gradientBytes * elements, 1)),
  }
}

/** Optimizer step: Adam in mixed precision moves about 30 bytes a parameter (reads gradient, moments and fp32 copy, writes all but the gradient). */
export function optimizerSeconds(context: CostContext, parameters: ParameterShare): number {
  const { sharing, cluster, coefficients: c } = context
  const { tensor, expert, data, context: cp } = sharing.degrees
  const shares = sharing.zeroStage >= 1
  const denseShards = shares ? data * cp : 1
  const expertShards = shares ? Math.max(1, (data * cp * tensor) / expert) : 1
  const elements = parameters.dense / tensor / denseShards + parameters.expert / expert / expertShards
  return (c.optimizerTraffic * 30 * elements) / cluster.sheet.kind.memoryBytesPerSecond
}

/**
 * Hidden states of one microbatch from one pipeline rank to another: each tensor rank sends all of them, or its share with sequence parallelism or where
 * the stack scatters them for the way (arXiv 2104.04473, section 4.1). Ranks of one domain need no network.
 */
export function stageTransfer(context: CostContext, tokens: number, from: number, to: number): Exchange {
  const { sharing, model, habits, cluster, coefficients: c } = context
  const stride = meshStride(sharing.degrees, 'pipeline')
  const domainOf = (rank: number) => Math.floor((rank * stride) / cluster.domainDevices)
  const crosses = domainOf(from) !== domainOf(to)
  const link = linkOf(context, crosses ? sharing.degrees.pipeline : 1, stride)
  const shares = sharing.sequenceParallel || habits.scatteredTransfers ? sharing.degrees.tensor : 1
  return {
    bytes: (2 * tokens * model.hidden) / shares,
    latencySeconds: c.collectiveSeconds,
    link: { ...link, slowdown: 1 },
  }
}
