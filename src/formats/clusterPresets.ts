import { Problems } from '../errors/index.js'
import type { ClusterDescription, ClusterPresets, DeviceCatalogue } from '../hardware/index.js'
import { readClusterDescription } from './cluster.js'

/** The presets of models/clusters, each a `stowage.cluster` whose name is what users type. */
export function readClusterPresets(
  files: ReadonlyArray<{ file: string; value: unknown }>,
  catalogue: DeviceCatalogue,
): ClusterPresets {
  const presets = new Map<string, ClusterDescription>()
  const problems = new Problems()
  for (const { file, value } of files) {
    const preset = readClusterDescription(value, catalogue, file)
    const name = preset.name.toLowerCase()
    if (presets.has(name)) problems.add('E202', `two presets are called ${name}`, { where: `${file}#/name` })
    presets.set(name, preset)
  }
  problems.throwIfAny()
  return presets
}
