import { existsSync } from 'node:fs'
import { clusterWarnings, readCluster } from '../formats/cluster.js'
import { readClusterPresets } from '../formats/clusterPresets.js'
import { readDeviceCatalogue } from '../formats/deviceCatalogue.js'
import { readJson } from '../formats/json.js'
import { type Cluster, type ClusterPresets, type DeviceCatalogue, resolveClusterName } from '../hardware/index.js'
import { shippedModels } from './models.js'
import { openSource } from './source.js'

/** The cluster of --cluster: a file (- for stdin), or the name of a preset. A file that exists wins over a name. */
export async function openCluster(text: string, warn: (warning: string) => void = () => {}): Promise<Cluster> {
  const { catalogue, presets } = shippedHardware()
  if (isClusterName(text)) return resolveClusterName(text, catalogue, presets)
  const source = await openSource(text)
  const value = readJson(source)
  clusterWarnings(value, source.name).forEach(warn)
  return readCluster(value, catalogue, source.name)
}

/** Not stdin, not written like a file of ours, and no file is called so. */
export function isClusterName(text: string): boolean {
  return text !== '-' && !/[/\\]|\.(json|onnx|txt|csv|jsonl)(\.gz)?$/i.test(text) && !existsSync(text)
}

/** Written like a preset or a count of one: what `inspect` takes for a cluster where it could be a model's name as well. */
export function looksLikeCluster(text: string): boolean {
  return (
    isClusterName(text) &&
    (/x\d+$/i.test(text) || shippedHardware().presets.has(text.replace(/^\d+x/i, '').toLowerCase()))
  )
}

export interface ShippedHardware {
  readonly catalogue: DeviceCatalogue
  readonly presets: ClusterPresets
}

let shipped: ShippedHardware | undefined

/** The devices and presets that come with the program; read once. */
export function shippedHardware(): ShippedHardware {
  if (!shipped) {
    const catalogue = readDeviceCatalogue(shippedModels('devices'))
    shipped = { catalogue, presets: readClusterPresets(shippedModels('clusters'), catalogue) }
  }
  return shipped
}
