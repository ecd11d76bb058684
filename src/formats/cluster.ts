import type { z } from 'zod'
import { didYouMean, Problems } from '../errors/index.js'
import {
  buildCluster,
  type Cluster,
  type ClusterDescription,
  type DeviceCatalogue,
  type DeviceGroup,
  findKind,
  genericKind,
  unknownKind,
} from '../hardware/index.js'
import { clusterSchema } from './clusterSchema.js'
import { refuseNewerVersion } from './json.js'
import { parseInto, unknownKeys } from './schemaProblems.js'

/** A parsed `stowage.cluster` document as a cluster: every device known, numbered and linked. Unknown keys are ignored: see `clusterWarnings`. */
export function readCluster(value: unknown, catalogue: DeviceCatalogue, where: string): Cluster {
  return buildCluster(readClusterDescription(value, catalogue, where), where)
}

/** The same as it is written, equal hosts said once. All problems of the document are thrown together. */
export function readClusterDescription(value: unknown, catalogue: DeviceCatalogue, where: string): ClusterDescription {
  refuseNewerVersion(value, where)
  const problems = new Problems()
  const document = parseInto(clusterSchema, value, where, problems)
  problems.throwIfAny()
  const { name, description, hosts, transfers } = document!
  const read = hosts.map(({ count = 1, devices, interconnect, network }, i) => {
    const at = `${where}#/hosts/${i}/devices`
    const groups = Array.isArray(devices)
      ? devices.map((group, k) => readGroup(group, catalogue, `${at}/${k}`, problems))
      : [readGroup(devices, catalogue, at, problems)]
    return { count, groups, interconnect, ...(network && { network }) }
  })
  problems.throwIfAny()
  return {
    name: name ?? where,
    ...(description !== undefined && { description }),
    hosts: read,
    transfers: transfers ?? 'full-duplex',
  }
}

/** What a reader of the document should know though it is valid: keys that mean nothing to us, with the likely slip. */
export function clusterWarnings(value: unknown, where: string): string[] {
  const parsed = clusterSchema.safeParse(value)
  if (!parsed.success) return []
  return unknownKeys(value, parsed.data).map((pointer) => {
    const meant = didYouMean(pointer.slice(pointer.lastIndexOf('/') + 1), keys)
    return `${where}#${pointer} is not a key of a cluster and is ignored${meant ? `: ${meant}` : ''}`
  })
}

const keys = [
  ...Object.keys(clusterSchema.shape),
  ...['count', 'devices', 'interconnect', 'network', 'memoryBytes', 'topology', 'bytesPerSecond', 'latencySeconds'],
]

type Group = Pick<DeviceGroup, 'kind' | 'count'> & { readonly memoryBytes?: number }

function readGroup(
  { kind: name, count, memoryBytes }: Group,
  catalogue: DeviceCatalogue,
  at: string,
  problems: Problems,
): DeviceGroup {
  if (name === genericKind) {
    if (memoryBytes === undefined) {
      problems.add('E105', `a ${genericKind} device must state its memoryBytes`, {
        where: `${at}/memoryBytes`,
        expected: 'a number of bytes: this kind has no data sheet',
        found: 'nothing',
      })
    }
    return { kind: genericKind, count, memoryBytes: memoryBytes ?? 0 }
  }
  const sheet = findKind(catalogue, name)
  if (!sheet) problems.add('E501', ...unknownKind(catalogue, name, `${at}/kind`))
  return { kind: sheet?.name ?? name, sheet, count, memoryBytes: memoryBytes ?? sheet?.memoryBytes ?? 0 }
}

/** A document of the schema, for those who write one. */
export type ClusterDocument = z.input<typeof clusterSchema>
