import { basename } from 'node:path'
import { type Cluster, refuseUnlinked } from '../hardware/index.js'
import type { LoadedGraph } from '../verbs/loadGraph.js'
import { requiredCluster } from './modelFlags.js'
import { openCluster } from './openCluster.js'

/** The cluster of --cluster, or without it the one that the model's file names; E100 where there is neither. */
export async function clusterFor(
  text: string | undefined,
  model: LoadedGraph,
  warn?: (warning: string) => void,
): Promise<{ readonly cluster: Cluster; readonly clusterName: string }> {
  if (text === undefined && model.cluster) return { cluster: model.cluster, clusterName: model.cluster.name }
  const name = requiredCluster(text)
  const cluster = await openCluster(name, warn)
  refuseUnlinked(cluster)
  return { cluster, clusterName: basename(name) }
}
