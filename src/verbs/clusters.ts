import {
  type Cluster,
  type ClusterPresets,
  type ClusterSummary,
  clusterSummary,
  type DeviceCatalogue,
  type DeviceSheet,
  usualPreset,
} from '../hardware/index.js'

/** The answer of `stowage clusters`. */
export interface ClusterListing {
  readonly kind: 'stowage.clusters'
  readonly schemaVersion: '1.0'
  /** Every device kind with its data sheet and the short name of one usual host or domain of it. */
  readonly devices: readonly (DeviceSheet['kind'] & Omit<DeviceSheet, 'kind'> & { readonly preset: string })[]
  /** Presets beyond KINDxCOUNT. */
  readonly presets: readonly { readonly name: string; readonly description: string }[]
}

/** The answer of `stowage inspect CLUSTER`. */
export interface ClusterInspection {
  readonly kind: 'stowage.inspect'
  readonly schemaVersion: '1.0'
  readonly cluster: ClusterSummary
  readonly warnings: readonly string[]
}

export function listClusters(catalogue: DeviceCatalogue, presets: ClusterPresets): ClusterListing {
  return {
    kind: 'stowage.clusters',
    schemaVersion: '1.0',
    devices: [...catalogue.sheets.values()].map((sheet) => ({ ...sheet, ...sheet.kind, preset: usualPreset(sheet) })),
    presets: [...presets]
      .map(([name, { description }]) => ({ name, description: description ?? name }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** What was understood of a cluster. `warnings` are the reader's: `clusterWarnings` of a file. */
export function inspectCluster(cluster: Cluster, warnings: readonly string[] = []): ClusterInspection {
  return { kind: 'stowage.inspect', schemaVersion: '1.0', cluster: clusterSummary(cluster), warnings }
}
