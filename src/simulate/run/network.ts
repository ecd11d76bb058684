import { type Coefficients, domainNetwork, type Exchange, type StageSeconds } from '../../cost/training/index.js'
import type { RunCluster } from '../../hardware/index.js'
import type { TaskGraphBuilder } from '../engine/index.js'
import { kindOf, ticksPerSecond, type Work } from './workKinds.js'

/** How bytes travel between ranks while a run is lowered. Each method adds a task and returns its number. */
export interface Network {
  /** From one pipeline rank to the next. */
  send(stage: number, work: Work, from: number, to: number): number
  /** Tasks, one after another, that an exchange between the ranks of a stage is made of. */
  exchangeParts(stage: number, work: Work): number
  exchange(stage: number, work: Work, part: number, ranks: readonly number[]): number
}

export type NetworkOf = (builder: TaskGraphBuilder) => Network

/** Everybody has links alone: what a transfer takes is its cost, which counts groups alike as busy at once and nobody else. */
export function ownLinks(builder: TaskGraphBuilder): Network {
  const add = (stage: number, work: Work) => builder.add(0, kindOf(stage, work))
  return { send: add, exchangeParts: () => 1, exchange: add }
}

/**
 * The network of each domain (a host, or a rack of them) is one link out and one in, which all that cross it share max-min: transfers between stages and
 * exchanges of gradients slow one another. What stays inside a domain takes its cost.
 */
export function sharedLinks(cluster: RunCluster, stages: readonly StageSeconds[], c: Coefficients): NetworkOf {
  return (builder) => {
    const own = ownLinks(builder)
    const rate = (c.interRateShare * domainNetwork(cluster)) / ticksPerSecond
    const domains = Math.ceil(cluster.devices / cluster.domainDevices)
    const out = Array.from({ length: domains }, () => builder.addLink(rate))
    const into = Array.from({ length: domains }, () => builder.addLink(rate))
    const domainOf = (rank: number) => Math.floor(rank / cluster.domainDevices)
    const flow = (stage: number, work: Work, { bytes, latencySeconds, link }: Exchange, share: number): number => {
      const latency = Math.round(share * latencySeconds * ticksPerSecond)
      const cap = (link.slowdown * link.intraBytesPerSecond) / ticksPerSecond
      return builder.add(latency, kindOf(stage, work), share * link.slowdown * bytes, cap)
    }
    const partsOf = (stage: number, work: Work): readonly Exchange[] => {
      const { gradients, parameters } = stages[stage].exchanges
      const parts = work === 'parameter-gather' ? parameters : gradients
      return parts.some(({ link }) => link.domains > 1) ? parts : []
    }
    return {
      send(stage, work, from, to) {
        const { transfer } = stages[stage]
        const [a, b] = [domainOf(from), domainOf(to)]
        if (a === b || transfer.link.domains === 1) return own.send(stage, work, from, to)
        const task = flow(stage, work, transfer, 1)
        builder.over(out[a], 1)
        builder.over(into[b], 1)
        return task
      },
      exchangeParts: (stage, work) => Math.max(1, partsOf(stage, work).length),
      exchange(stage, work, part, ranks) {
        const parts = partsOf(stage, work)
        if (parts.length === 0) return own.exchange(stage, work, part, ranks)
        const share = work === 'hidden-exchange' ? Math.max(0, 1 - c.exposedGradient) : c.exposedGradient
        const task = flow(stage, work, parts[part], share)
        if (parts[part].link.domains === 1) return task
        for (const domain of new Set(ranks.map(domainOf))) {
          builder.over(out[domain], 1)
          builder.over(into[domain], 1)
        }
        return task
      },
    }
  }
}
