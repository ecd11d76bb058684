import { meshStride, type Traffic } from '../../model/index.js'
import type { RankParameters } from '../trainingMemory/index.js'
import type { CostContext } from './context.js'
import { healthyAllReduce } from './layer.js'
import { type GroupLink, linkOf } from './links.js'
import { codecSeconds, type Exchange, exchangesSeconds, travelling } from './traffic.js'

/** What data-parallel ranks exchange once a step: gradients, and updated parameters where optimizer state is shared. */
export interface StepExchanges {
  readonly gradients: readonly Exchange[]
  readonly parameters: readonly Exchange[]
}

/**
 * Gradients are averaged over data and context ranks; those of experts over the ranks that hold the same ones. An all-reduce is a scatter and a gather; with
 * shared optimizer state (ZeRO-1) the gather comes after the step and carries 16-bit parameters. A run's communication methods change what travels.
 */
export function stepExchanges(context: CostContext, parameters: RankParameters, layers: number): StepExchanges {
  const { sharing, habits } = context
  const { communication: plan } = sharing
  const shares = sharing.zeroStage >= 1
  const parts = exchangedParts(context, parameters, layers)
  const turns = shares ? 1 : 2
  const isLocal = plan?.sync !== undefined && plan.gradients === undefined
  const gradients = ({ link, elements }: ExchangedPart) =>
    travelling(link, elements, plan?.gradients, habits.gradientBytes, turns)
  return {
    gradients: isLocal ? [] : parts.flatMap(gradients),
    parameters: shares ? parts.flatMap(({ link, elements }) => travelling(link, elements, plan?.parameters, 2, 1)) : [],
  }
}

interface ExchangedPart {
  readonly link: GroupLink
  readonly elements: number
}

/** What each rank of a stage has in common with others, and with whom. */
export function exchangedParts(
  context: CostContext,
  parameters: RankParameters,
  layers: number,
): readonly ExchangedPart[] {
  return [
    { link: byLayer(context, dataLink(context), layers), elements: parameters.dense },
    { link: expertDataLink(context), elements: parameters.expert },
  ].filter(({ link, elements }) => link.ranks > 1 && elements > 0)
}

/** Many collectives, one after the other, each as long as its ring: a latency for each layer and rank. */
function byLayer({ coefficients: c }: CostContext, link: GroupLink, layers: number): GroupLink {
  if (link.domains === 1) return link
  return { ...link, latencySeconds: link.latencySeconds + c.exchangeHopSeconds * layers * (link.ranks - 1) }
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
export function shardExchange(context: CostContext, layer: RankParameters): { gather: number; scatter: number } {
  const { sharing, habits } = context
  const link = dataLink(context)
  if (link.ranks === 1) return { gather: 0, scatter: 0 }
  const elements = layer.dense + layer.expert
  const { gradients, parameters } = sharing.communication ?? {}
  const seconds = (traffic: Traffic | undefined, usualBytes: number) =>
    exchangesSeconds(travelling(link, elements, traffic, usualBytes, 1)) + codecSeconds(context, elements, traffic)
  return { gather: seconds(parameters, 2), scatter: seconds(gradients, habits.gradientBytes) }
}

/** Whether two pipeline ranks lie in different domains. */
export function crossesDomains({ sharing, cluster }: CostContext, from: number, to: number): boolean {
  const stride = meshStride(sharing.degrees, 'pipeline')
  const domainOf = (rank: number) => Math.floor((rank * stride) / cluster.domainDevices)
  return domainOf(from) !== domainOf(to)
}

/**
 * Hidden states of one microbatch from one pipeline rank to another: each tensor rank sends all of them, or its share with sequence parallelism or where
 * the stack scatters them for the way (arXiv 2104.04473, section 4.1). Ranks of one domain need no network.
 */
export function stageTransfer(context: CostContext, tokens: number, crosses: boolean): Exchange {
  const { sharing, model, habits, coefficients: c } = context
  const link = linkOf(context, crosses ? sharing.degrees.pipeline : 1, meshStride(sharing.degrees, 'pipeline'))
  const shares = sharing.sequenceParallel || habits.scatteredTransfers ? sharing.degrees.tensor : 1
  return {
    bytes: (2 * tokens * model.hidden) / shares,
    latencySeconds: c.collectiveSeconds,
    link: { ...link, slowdown: 1 },
  }
}
