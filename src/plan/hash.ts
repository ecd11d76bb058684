import { createHash } from 'node:crypto'
import type { OpDescription, OpGraph, OutputDescription, ParameterDescription } from '../graph/index.js'
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
    const outputs = op.outputs?.map((each) => known(each, outputKeys)).sort((a, b) => (a.name < b.name ? -1 : 1))
    hash.update(canonicalJson({ ...known(op, opKeys), outputs: outputs?.length ? outputs : undefined }))
  }
  for (let e = 0; e < graph.edgeFrom.length; e++)
    hash.update(`${graph.edgeFrom[e]} ${graph.edgeTo[e]} ${graph.edgeTensor[e]}\n`)
  hash.update(canonicalJson(graph.parameters.map((each) => known(each, parameterKeys))))
  return hash.digest('hex')
}

/** What we read of an entry of a file; other keys, which may hold anything, are no part of it. */
function known<T extends object>(entry: T, keys: Readonly<Record<keyof T, true>>): T {
  const kept: Partial<T> = {}
  for (const key in keys) if (Object.hasOwn(entry, key)) kept[key] = entry[key]
  return kept as T
}

const opKeys: Readonly<Record<keyof OpDescription, true>> = {
  name: true,
  type: true,
  module: true,
  phase: true,
  seconds: true,
  flops: true,
  matrixFlops: true,
  bytesAccessed: true,
  dtype: true,
  parameterBytes: true,
  temporaryBytes: true,
  colocationGroup: true,
  deviceKinds: true,
  outputs: true,
  unmodelled: true,
}

const outputKeys: Readonly<Record<keyof OutputDescription, true>> = {
  name: true,
  bytes: true,
  shape: true,
  dtype: true,
  aliasOf: true,
  transferSeconds: true,
}

const parameterKeys: Readonly<Record<keyof ParameterDescription, true>> = {
  readers: true,
  name: true,
  shape: true,
  dtype: true,
  op: true,
  module: true,
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
