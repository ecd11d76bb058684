import { didYouMean, fail } from '../errors/index.js'
import type { DeviceCatalogue, DeviceKind, DeviceSheet } from './types.js'

/** The kind without a data sheet: it runs ops of measured seconds only. */
export const genericKind = 'generic'

/** The device kind of a canonical name or alias, in any case. */
export function findKind(catalogue: DeviceCatalogue, name: string): DeviceKind | undefined {
  return catalogue.kinds.get(name.trim().toLowerCase())
}

/** The data sheet of a canonical name or alias; E501 with near names when there is none. */
export function deviceSheet(catalogue: DeviceCatalogue, name: string, where: string): DeviceSheet {
  const kind = findKind(catalogue, name)
  if (!kind) fail('E501', ...unknownKind(catalogue, name, where))
  return catalogue.sheets.get(kind.name)!
}

/** Message and detail of E501, for those who collect problems. */
export function unknownKind(
  catalogue: DeviceCatalogue,
  name: string,
  where: string,
): [message: string, detail: { where: string; found: string; fix: string }] {
  const fix =
    didYouMean(name, catalogue.kinds.keys()) ||
    `take one of ${[...catalogue.sheets.keys()].join(', ')}, or "${genericKind}" with memoryBytes and ops of measured seconds`
  return [`no device kind is called ${name}`, { where, found: name, fix }]
}
