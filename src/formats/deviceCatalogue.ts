import type { z } from 'zod'
import { Problems } from '../errors/index.js'
import { type DeviceCatalogue, type DeviceKind, type DeviceSheet, genericKind, type Origin } from '../hardware/index.js'
import { devicesSchema, figures } from './deviceSchema.js'
import { parseInto } from './schemaProblems.js'

type DevicesFile = z.infer<typeof devicesSchema>
type DeviceEntry = DevicesFile['devices'][number]

/**
 * The device kinds of models/devices. Every figure must say where it comes from, names and aliases are unique in any case, and none may read like a
 * count of devices. The problems of all files are thrown together.
 */
export function readDeviceCatalogue(files: ReadonlyArray<{ file: string; value: unknown }>): DeviceCatalogue {
  const problems = new Problems()
  const sheets = new Map<string, DeviceSheet>()
  const kinds = new Map<string, DeviceKind>()
  for (const { file, value } of files) {
    const document = parseInto(devicesSchema, value, file, problems)
    document?.devices.forEach((entry, i) => {
      const at = `${file}#/devices/${i}`
      const sheet = readSheet(entry, document, at, problems)
      sheets.set(entry.name, sheet)
      addNames(kinds, sheet.kind, at, problems)
    })
  }
  for (const sheet of sheets.values()) checkAssumed(sheet, sheets, problems)
  problems.throwIfAny()
  return { kinds, sheets: new Map([...sheets].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function readSheet(entry: DeviceEntry, document: DevicesFile, at: string, problems: Problems): DeviceSheet {
  const { host, price, note, origins, ...figuresOfKind } = entry
  return {
    kind: figuresOfKind,
    host: { ...host, domainDevices: host.domainDevices ?? host.devicesPerHost },
    origins: figures.flatMap((figure) => {
      const text = origins?.[figure] ?? document.origins[figure]
      return text === undefined ? missing(figure, at, problems) : [readOrigin(figure, text, document, at, problems)]
    }),
    ...(price && { price }),
    ...(note !== undefined && { note }),
  }
}

function missing(figure: string, at: string, problems: Problems): [] {
  problems.add('E105', `${figure} does not say where it comes from`, {
    where: `${at}/origins/${figure}`,
    expected: 'measured, specified, recalled or assumed, then a source',
  })
  return []
}

function readOrigin(figure: string, text: string, { sources }: DevicesFile, at: string, problems: Problems): Origin {
  const gap = text.indexOf(' ')
  const how = text.slice(0, gap) as Origin['how']
  const key = text.slice(gap + 1)
  if (how === 'assumed') return { figure, how, source: key }
  if (!Object.hasOwn(sources, key)) {
    problems.add('E203', `source ${key} is not listed`, {
      where: `${at}/origins/${figure}`,
      expected: `one of ${Object.keys(sources).join(', ')}`,
    })
  }
  return { figure, how, source: sources[key] }
}

function addNames(kinds: Map<string, DeviceKind>, kind: DeviceKind, at: string, problems: Problems): void {
  for (const name of [kind.name, ...kind.aliases]) {
    const key = name.toLowerCase()
    if (kinds.has(key) || key === genericKind)
      problems.add('E202', `two device kinds are called ${name}`, { where: `${at}/aliases`, found: name })
    // h100x8 is eight h100, and 16xh100x8 sixteen hosts of them.
    if (/x\d+$|^\d+x/.test(key))
      problems.add('E105', `${name} would be read as a count of devices`, { where: `${at}/aliases`, found: name })
    kinds.set(key, kind)
  }
}

/** An assumed figure names the kind it is taken from, and must be equal to it where the two can be compared. */
function checkAssumed(
  { kind, origins }: DeviceSheet,
  sheets: ReadonlyMap<string, DeviceSheet>,
  problems: Problems,
): void {
  for (const { figure, how, source } of origins) {
    const relative = how === 'assumed' ? sheets.get(source)?.kind : undefined
    const own = kind[figure as keyof DeviceKind]
    if (relative && typeof own === 'number' && own !== relative[figure as keyof DeviceKind]) {
      problems.add('E105', `${figure} of ${kind.name} is said to be that of ${source}`, {
        where: kind.name,
        expected: `${relative[figure as keyof DeviceKind]}`,
        found: `${own}`,
      })
    }
  }
}
