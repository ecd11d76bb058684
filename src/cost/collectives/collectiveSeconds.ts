import { fail } from '../../errors/index.js'
import { type Candidate, candidates } from './candidates.js'
import type { CollectiveConstants } from './constants.js'
import { groupPaths } from './paths.js'
import type { Collective, CollectiveCalibration, CollectiveCost, GroupLinks, RankGroup } from './types.js'

export interface CollectiveRequest {
  readonly collective: Collective
  /** As in nccl-tests: the size per rank of the larger buffer. */
  readonly bytes: number
  readonly group: RankGroup
  readonly links: GroupLinks
  readonly constants: CollectiveConstants
  readonly calibration?: CollectiveCalibration
}

/** Seconds of a collective: least over the algorithms and protocols that the library would choose. One rank waits for nobody. */
export function collectiveSeconds(request: CollectiveRequest): CollectiveCost {
  const { collective, bytes, group, links, constants, calibration } = request
  if (group.ranks <= 1 || bytes === 0)
    return { seconds: 0, latencySeconds: 0, bytesPerSecond: 0, algorithm: 'none', protocol: 'none' }
  if (group.hosts > 1 && !links.network)
    fail('E504', `a group on ${group.hosts} hosts has no network`, { fix: 'state the rate between the hosts' })
  const paths = groupPaths(group, links, constants, calibration)
  const fill = constants.messages.pipelineFill
  return candidates(collective, group, links, constants, paths)
    .map((candidate) => costOf(candidate, bytes, fill, busFactor(collective, group.ranks)))
    .reduce((a, b) => (b.seconds < a.seconds ? b : a))
}

/**
 * A message of many chunks passes k hops in (sqrt(x) + sqrt(f))^2 with the best chunk size, x its time on the wire and f what the hops charge each
 * chunk (the classic optimum of pipelining; the f alone is part of the latency).
 */
function costOf(c: Candidate, bytes: number, fill: number, factor: number): CollectiveCost {
  const wire = bytes * c.secondsPerByte
  return {
    seconds: c.latencySeconds + wire + 2 * Math.sqrt(wire * fill * c.hopsSeconds),
    latencySeconds: c.latencySeconds,
    bytesPerSecond: factor / c.secondsPerByte,
    algorithm: c.algorithm,
    protocol: c.protocol,
  }
}

/** Source: nccl-tests, doc/PERFORMANCE.md, bus bandwidth. */
export function busFactor(collective: Collective, ranks: number): number {
  if (collective === 'all-reduce') return (2 * (ranks - 1)) / ranks
  return collective === 'broadcast' || collective === 'send' ? 1 : (ranks - 1) / ranks
}
