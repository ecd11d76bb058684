import { type MeshAxis, meshStride } from '../../model/index.js'
import type { CostContext } from './context.js'
import { healthyAllReduce } from './layer.js'
import { type GroupLink, linkOf } from './links.js'
import type { ParameterShare } from './parameters.js'

/** Exchanges between the ranks of data parallelism, whole: how much of them is hidden is the schedule's affair. */
export interface ExchangeSeconds {
  /** Gradients, once a step. */
  readonly gradients: number
  /** Updated parameters, once a step, where optimizer state is shared. */
  readonly parameters: number
}

/** Gradients are averaged over data and context ranks; experts over the ranks that hold the same ones. */
export function exchangeSeconds(context: CostContext, parameters: ParameterShare): ExchangeSeconds {
  const { sharing, habits } = context
  const { tensor, expert } = sharing.degrees
  const link = dataLink(context)
  const expertLink = expertDataLink(context)
  const dense = volume(link, parameters.dense / tensor)
  const experts = volume(expertLink, parameters.expert / expert)
  const shared = sharing.zeroStage >= 1
  // An all-reduce is a reduce-scatter and an all-gather; with shared optimizer state the gather comes after the step and carries 16-bit parameters.
  const gradients = (dense + experts) * habits.gradientBytes * (shared ? 1 : 2)
  const latency = link.ranks > 1 ? link.latencySeconds : 0
  return {
    gradients: gradients + latency * (shared ? 1 : 2),
    parameters: shared ? (dense + experts) * 2 + latency : 0,
  }
}

/** Seconds per byte of element: (d - 1) / d of the elements cross the slowest link. */
function volume(link: GroupLink, elements: number): number {
  return link.ranks === 1 ? 0 : (elements * (link.ranks - 1)) / link.ranks / link.bytesPerSecond
}

export function dataLink(context: CostContext): GroupLink {
  const { data, context: cp } = context.sharing.degrees
  const link = linkOf(context, data * cp, meshStride(context.sharing.degrees, 'context' satisfies MeshAxis))
  return slowedByNetwork(context, link)
}

function expertDataLink(context: CostContext): GroupLink {
  const { data, context: cp, tensor, expert } = context.sharing.degrees
  return slowedByNetwork(context, linkOf(context, Math.max(1, (data * cp * tensor) / expert), expert))
}

/** The job's own test of its network, as a share of what healthy jobs of the size observe. */
function slowedByNetwork({ cluster, habits }: CostContext, link: GroupLink): GroupLink {
  const observed = cluster.observedAllReduceBytesPerSecond
  if (!habits.congestedRegime || observed === undefined || link.domains === 1) return link
  const share = Math.min(1, observed / healthyAllReduce(cluster.devices))
  return { ...link, bytesPerSecond: link.bytesPerSecond * share }
}

/** One gather of a layer's parameters, and one scatter of its gradients, by fully sharded ranks. */
export function shardExchange(context: CostContext, layer: ParameterShare): { gather: number; scatter: number } {
  const { sharing, habits } = context
  const link = dataLink(context)
  if (link.ranks === 1) return { gather: 0, scatter: 0 }
  const elements = layer.dense / sharing.degrees.tensor + layer.expert / sharing.degrees.expert
  const perByte = volume(link, elements)
  return {
    gather: link.latencySeconds + 2 * perByte,
    scatter: link.latencySeconds + habits.gradientBytes * perByte,
  }
}

/** Optimizer step: Adam in mixed precision moves about 30 bytes a parameter (read gradient, two moments and fp32 copy, write all but the gradient). */
export function optimizerSeconds(context: CostContext, parameters: ParameterShare): number {
  const { sharing, cluster, coefficients: c } = context
  const { tensor, expert, data, context: cp } = sharing.degrees
  const denseShards = sharing.zeroStage >= 1 ? data * cp : 1
  const expertShards = sharing.zeroStage >= 1 ? Math.max(1, (data * cp * tensor) / expert) : 1
  const elements = parameters.dense / tensor / denseShards + parameters.expert / expert / expertShards
  return (c.optimizerTraffic * 30 * elements) / cluster.sheet.kind.memoryBytesPerSecond
}

/** Hidden states of one microbatch to the next stage. */
export function transferSeconds(context: CostContext, bytesPerToken: number, tokens: number): number {
  const { sharing, coefficients: c } = context
  const { tensor, pipeline } = sharing.degrees
  if (pipeline === 1) return 0
  const link = linkOf(context, pipeline, meshStride(sharing.degrees, 'pipeline'))
  const shared = sharing.sequenceParallel ? tensor : 1
  return c.collectiveSeconds + (tokens * bytesPerToken) / shared / link.bytesPerSecond
}
