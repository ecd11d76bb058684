import type { Traffic } from '../../model/index.js'
import type { CostContext } from './context.js'
import { type GroupLink, ringRate } from './links.js'

/** Bytes that each rank of a group sends around once, and over what. */
export interface Exchange {
  readonly bytes: number
  /** Of all its collectives together. */
  readonly latencySeconds: number
  readonly link: GroupLink
}

/**
 * The exchanges that carry some elements once around a group, in each of `turns`: as the stack does (`usualBytes` an element), or as a method's traffic
 * says. With other bytes inside a domain than across, ranks of a domain first meet, then those at the same place of each domain, each with its share.
 */
export function travelling(
  link: GroupLink,
  elements: number,
  traffic: Traffic | undefined,
  usualBytes: number,
  turns: number,
): readonly Exchange[] {
  const { insideBytes = usualBytes, acrossBytes = usualBytes, sparse = false } = traffic ?? {}
  if (sparse) return gatherOfAll(link, elements * (link.domains > 1 ? acrossBytes : insideBytes))
  if (link.domains === 1 || insideBytes === acrossBytes) return [around(link, elements * insideBytes, turns)]
  const here = link.ranks / link.domains
  const inside: GroupLink = {
    ...link,
    ranks: here,
    domains: 1,
    networkBytesPerSecond: Number.POSITIVE_INFINITY,
    slowdown: 1,
  }
  const across: GroupLink = { ...link, ranks: link.domains, groupsPerDomain: link.groupsPerDomain * here }
  return [
    ...(here > 1 ? [around(inside, elements * insideBytes, turns)] : []),
    around(across, (elements * acrossBytes) / here, turns),
  ]
}

/** (d - 1) / d of the bytes cross each rank's link in each turn. */
function around(link: GroupLink, bytes: number, turns: number): Exchange {
  return {
    bytes: (turns * bytes * (link.ranks - 1)) / link.ranks,
    latencySeconds: turns * link.latencySeconds,
    link,
  }
}

/** Each rank's own part comes to every other: d - 1 parts cross each link, in one turn. */
function gatherOfAll(link: GroupLink, bytes: number): readonly Exchange[] {
  return [around(link, bytes * link.ranks, 1)]
}

/** Seconds of an exchange when all groups alike are busy at once and nothing else is. */
export function exchangeSeconds({ bytes, latencySeconds, link }: Exchange): number {
  return latencySeconds + bytes / ringRate(link)
}

/** One after the other. */
export function exchangesSeconds(exchanges: readonly Exchange[]): number {
  return exchanges.reduce((sum, exchange) => sum + exchangeSeconds(exchange), 0)
}

/** Encoding and decoding, as traffic of the device's memory. */
export function codecSeconds({ cluster }: CostContext, elements: number, traffic: Traffic | undefined): number {
  return ((traffic?.codecBytes ?? 0) * elements) / cluster.sheet.kind.memoryBytesPerSecond
}
