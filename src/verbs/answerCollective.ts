import {
  type CollectiveCost,
  type CollectiveTables,
  collectiveSeconds,
  constantsFor,
  type GroupLinks,
  moeSeconds,
  type RankGroup,
} from '../cost/collectives/index.js'
import { domainNetwork } from '../cost/training/links.js'
import type { CollectiveQuestion } from '../formats/collectiveRequest.js'
import type { RunCluster } from '../hardware/index.js'

export type CollectiveAnswer = Pick<CollectiveCost, 'seconds' | 'algorithm' | 'protocol'>

/** What `stowage simulate` answers to a line that asks for a collective. */
export function answerCollective(question: CollectiveQuestion, tables: CollectiveTables): CollectiveAnswer {
  const { seconds, algorithm, protocol } = costOf(question, tables)
  return { seconds, algorithm, protocol }
}

function costOf(question: CollectiveQuestion, tables: CollectiveTables): CollectiveCost {
  const { cluster } = question
  const links = linksOf(cluster)
  const all = groupOfAll(cluster)
  if (!('bytes' in question)) {
    const { collective: _, cluster: __, ...exchange } = question
    return moeSeconds({ ...exchange, group: all, links, constants: tables.expertExchange })
  }
  const { collective, bytes } = question
  const group = collective === 'send' ? firstToLast(all) : all
  return collectiveSeconds({
    collective,
    bytes,
    group,
    links,
    constants: constantsFor(tables, cluster.sheet.kind.name),
  })
}

function groupOfAll({ devices, domainDevices }: RunCluster): RankGroup {
  return { ranks: devices, hosts: Math.ceil(devices / domainDevices), ranksPerHost: Math.min(devices, domainDevices) }
}

/** A send has two ends: on two hosts where there are several. */
function firstToLast({ ranks, hosts }: RankGroup): RankGroup {
  return { ranks: Math.min(2, ranks), hosts: Math.min(2, hosts), ranksPerHost: hosts > 1 ? 1 : Math.min(2, ranks) }
}

/** Rates as the request states them, latencies and wiring of the device's usual host. A device reaches no more of a network than its PCIe lanes carry. */
function linksOf(cluster: RunCluster): GroupLinks {
  const { host } = cluster.sheet
  return {
    intra: { ...host.interconnect, bytesPerSecond: cluster.intraHostBytesPerSecond },
    network: { bytesPerSecond: domainNetwork(cluster), latencySeconds: host.network.latencySeconds },
    networkBytesPerSecondPerDevice: Math.min(
      cluster.interHostBytesPerSecond / cluster.devicesPerHost,
      host.pciBytesPerSecond,
    ),
  }
}
