import { expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readDeviceCatalogue } from '../../src/formats/deviceCatalogue.js'
import { findKind } from '../../src/hardware/index.js'
import { modelFiles } from '../hardware/shipped.js'

const device = {
  name: 'Z9-10GB',
  aliases: ['z9', 'z9-pro'],
  flopsPerSecond: { fp16: 1e14 },
  matrixEfficiency: 0.8,
  memoryBytes: 10 * 2 ** 30,
  memoryBytesPerSecond: 1e12,
  memoryEfficiency: 0.9,
  launchSeconds: 3e-6,
  host: {
    devicesPerHost: 4,
    interconnect: { topology: 'switch', bytesPerSecond: 1e11, latencySeconds: 2e-6 },
    network: { bytesPerSecond: 5e10, latencySeconds: 4e-6 },
    networkDescription: '1 x 400 Gb/s',
    pciBytesPerSecond: 3e10,
  },
}
const origins = Object.fromEntries(
  ['flopsPerSecond', 'matrixEfficiency', 'memoryBytes', 'memoryBytesPerSecond', 'memoryEfficiency', 'launchSeconds']
    .concat(['host.interconnect', 'host.network', 'host.pciBytesPerSecond'])
    .map((figure) => [figure, 'specified sheet']),
)
const file = (...devices: object[]) => ({
  kind: 'stowage.devices',
  schemaVersion: '1.0',
  sources: { sheet: 'Z data sheet, 2026' },
  origins,
  devices,
})

function problemsOf(...values: unknown[]) {
  try {
    readDeviceCatalogue(values.map((value, i) => ({ file: `${i}.json`, value })))
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ code, where }) => `${code} ${where}`)
    throw error
  }
  return []
}

test('kinds are found by name and alias in any case; sheets keep host and origins', () => {
  const catalogue = readDeviceCatalogue([{ file: 'z.json', value: file({ ...device, note: 'new' }) }])
  for (const name of ['Z9-10GB', 'z9-10gb', 'Z9', ' z9-PRO '])
    expect(findKind(catalogue, name)?.name, name).toBe('Z9-10GB')
  expect(findKind(catalogue, 'generic')).toBeUndefined()
  expect(findKind(catalogue, 'constructor')).toBeUndefined()
  const sheet = catalogue.sheets.get('Z9-10GB')!
  expect(sheet.host).toEqual({ ...device.host, domainDevices: 4 })
  expect(sheet.note).toBe('new')
  expect(sheet.origins[0]).toEqual({ figure: 'flopsPerSecond', how: 'specified', source: 'Z data sheet, 2026' })
  // Hashes of plans hold the kind: what only explains it must not be in it.
  const { host, ...figures } = device
  expect(sheet.kind).toEqual(figures)
})

test('a device overrides an origin of its file', () => {
  const own = { ...device, origins: { launchSeconds: 'measured sheet' } }
  const { sheets } = readDeviceCatalogue([{ file: 'z.json', value: file(own) }])
  const how = Object.fromEntries(sheets.get('Z9-10GB')!.origins.map((origin) => [origin.figure, origin.how]))
  expect([how.launchSeconds, how.memoryBytes]).toEqual(['measured', 'specified'])
})

test('figures without an origin or with an unlisted source are refused', () => {
  const { launchSeconds, ...most } = origins
  expect(problemsOf({ ...file(device), origins: most })).toEqual(['E105 0.json#/devices/0/origins/launchSeconds'])
  expect(problemsOf({ ...file(device), origins: { ...most, launchSeconds: 'measured rumour' } })).toEqual([
    'E203 0.json#/devices/0/origins/launchSeconds',
  ])
  expect(problemsOf({ ...file(device), origins: { ...most, launchSeconds: 'guessed sheet' } })).toEqual([
    'E105 0.json#/origins/launchSeconds',
  ])
})

test('an assumed figure must be that of the kind it names', () => {
  const other = { ...device, name: 'Z9-20GB', aliases: ['z9-20'], memoryEfficiency: 0.7 }
  const assumed = { ...other, origins: { memoryEfficiency: 'assumed Z9-10GB', launchSeconds: 'assumed Z9-10GB' } }
  expect(problemsOf(file(device, assumed))).toEqual(['E105 Z9-20GB'])
  expect(problemsOf(file(device, { ...assumed, memoryEfficiency: 0.9 }))).toEqual([])
})

test('names clash in any case, across files, and with generic; none may read like a count', () => {
  expect(problemsOf(file(device), file({ ...device, name: 'Y', aliases: ['Z9'] }))).toEqual([
    'E202 1.json#/devices/0/aliases',
  ])
  expect(problemsOf(file({ ...device, aliases: ['generic'] }))).toEqual(['E202 0.json#/devices/0/aliases'])
  expect(problemsOf(file({ ...device, aliases: ['z9x8'] }, { ...device, name: 'Y', aliases: ['2xy'] }))).toEqual([
    'E105 0.json#/devices/0/aliases',
    'E105 0.json#/devices/1/aliases',
  ])
})

test('the problems of all files are told together', () => {
  expect(
    problemsOf(
      file({ ...device, matrixEfficiency: 1.2, flopsPerSecond: {} }),
      { ...file(device), kind: 'stowage.graph' },
      file({ ...device, memoryGigabytes: 10 }),
    ),
  ).toEqual([
    'E105 0.json#/devices/0/flopsPerSecond',
    'E105 0.json#/devices/0/matrixEfficiency',
    'E105 1.json#/kind',
    'E105 2.json#/devices/0/memoryGigabytes',
  ])
})

test('the order of the files does not matter', () => {
  const files = modelFiles('devices')
  const names = (list: typeof files) => [...readDeviceCatalogue(list).sheets.keys()]
  expect(names([...files].reverse())).toEqual(names(files))
})

test('a price stands on the sheet, with its day and source or not at all', () => {
  const price = { perDeviceHour: 2, currency: 'USD', asOf: '2026-01-31', source: 'a list' }
  const sheet = readDeviceCatalogue([{ file: 'z.json', value: file({ ...device, price }) }]).sheets.get('Z9-10GB')!
  expect(sheet.price).toEqual(price)
  expect(sheet.kind).not.toHaveProperty('price')
  const { source: _, ...unsourced } = price
  expect(problemsOf(file({ ...device, price: unsourced }))).toEqual(['E105 0.json#/devices/0/price/source'])
  expect(problemsOf(file({ ...device, price: { ...price, asOf: 'last week' } }))).toEqual([
    'E105 0.json#/devices/0/price/asOf',
  ])
})
