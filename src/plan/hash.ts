import { createHash } from 'node:crypto'
import type { OpGraph } from '../graph/index.js'
import type { Cluster } from '../hardware/index.js'
import { canonicalJson } from './canonicalJson.js'

/** sha256, in hex, of a value's canonical JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** Identity of a graph: its canonical content, so the order of ops and edges in the file does not matter. */
export function graphHash(graph: OpGraph): string {
  const hash = createHash('sha256')
  for (const op of graph.ops) {
    const outputs = op.outputs && [...op.outputs].sort((a, b) => (a.name < b.name ? -1 : 1))
    hash.update(canonicalJson({ ...op, outputs }))
  }
  for (let e = 0; e < graph.edgeFrom.length; e++)
    hash.update(`${graph.edgeFrom[e]} ${graph.edgeTo[e]} ${graph.edgeTensor[e]}\n`)
  hash.update(canonicalJson(graph.parameters))
  return hash.digest('hex')
}

/** Identity of a cluster: what its devices and links are, not what it is called nor what our data sheets say of the kinds. */
export function clusterHash({ devices, hosts, transfers }: Cluster): string {
  return hashOf({ devices: devices.map(({ sheet: _, ...device }) => device), hosts, transfers })
}

/** Identity of the cost data: the figures of the data sheets that the cluster's devices go by. */
export function calibrationHash(cluster: Cluster): string {
  const sheets = new Map(cluster.devices.map(({ kind, sheet }) => [kind, sheet]))
  return hashOf([...sheets].sort().map(([kind, sheet]) => ({ ...sheet, kind, aliases: undefined, name: undefined })))
}
