import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { resolveClusterName, usualPreset } from '../../src/hardware/index.js'
import { catalogue, presets } from './shipped.js'

const resolve = (name: string) => resolveClusterName(name, catalogue, presets)

function problemOf(name: string) {
  try {
    resolve(name)
  } catch (error) {
    if (error instanceof UserError) return error.problems[0]
    throw error
  }
  throw new Error(`${name} was taken`)
}

test('h100x8 is one host of eight H100 behind its switch', () => {
  const { name, devices, hosts, transfers } = resolve('h100x8')
  expect([name, devices.length, hosts.length, transfers]).toEqual(['h100x8', 8, 1, 'full-duplex'])
  expect(devices[0]).toMatchObject({ kind: 'H100-SXM5-80GB', memoryBytes: 80 * 2 ** 30, host: 0 })
  expect(devices[0].interconnect).toEqual({ topology: 'switch', bytesPerSecond: 450e9, latencySeconds: 1.9e-6 })
  expect(hosts[0].network).toEqual({ bytesPerSecond: 400e9, latencySeconds: 4e-6 })
})

test.each([
  ['h100x1', 1, 1],
  ['h100x2', 2, 1],
  ['h100x4', 4, 1],
  ['h100x16', 16, 2],
  ['16xh100x8', 128, 16],
  ['2xh100x16', 32, 4],
  ['a100-40x8', 8, 1],
  ['mi300x8', 8, 1],
  ['mi300xx8', 8, 1],
  ['2080tix8', 8, 1],
  ['2x2080tix4', 8, 2],
  ['gb200x4', 4, 1],
  ['gb200x72', 72, 1],
  ['gb200x144', 144, 2],
  ['3xp4d', 24, 3],
  ['H100-SXM5-80GBx8', 8, 1],
  [' H100X8 ', 8, 1],
])('%s is %i devices on %i hosts', (name, devices, hosts) => {
  const cluster = resolve(name)
  expect([cluster.devices.length, cluster.hosts.length]).toEqual([devices, hosts])
  expect(cluster.name).toBe(name.trim().toLowerCase())
})

test('every device kind has a preset of one host, by its name and by every alias', () => {
  for (const sheet of catalogue.sheets.values()) {
    const usual = resolve(usualPreset(sheet))
    expect(usual.devices.length).toBe(sheet.host.domainDevices)
    expect(usual.hosts.length).toBe(1)
    for (const alias of [sheet.kind.name, ...sheet.kind.aliases])
      expect(resolve(`${alias}x1`).devices[0].kind).toBe(sheet.kind.name)
  }
})

test('a host keeps its network when part of it is used; a domain brings the network of the trays that are', () => {
  const networkOf = (name: string) => resolve(name).hosts[0].network!.bytesPerSecond
  expect(networkOf('h100x4')).toBe(400e9)
  expect([networkOf('gb200x4'), networkOf('gb200x8'), networkOf('gb200x72')]).toEqual([200e9, 400e9, 3600e9])
})

test('the racks of models/clusters are those of the data sheets', () => {
  for (const kind of ['gb200', 'gb300']) {
    const [byFile, byKind] = [resolve(`${kind}-nvl72`), resolve(`${kind}x72`)]
    expect({ ...byFile, name: '' }).toEqual({ ...byKind, name: '' })
  }
})

describe('refuses', () => {
  test.each([
    ['h10x8', 'h100x8'],
    ['h100', 'h100x8'],
    ['gb200', 'gb200x72'],
    ['16xh1000x8', 'h100x8'],
    ['p4', 'p4d'],
    ['h100x12', 'h100x16'],
  ])('%s, and names %s', (name, suggestion) => {
    const problem = problemOf(name)
    expect(problem.code).toBe('E503')
    expect(problem.fix).toContain(suggestion)
  })

  test.each([
    ['nothing-like-it', 'E503'],
    ['', 'E503'],
    ['x', 'E503'],
    ['__proto__x8', 'E503'],
    ['4x4xh100x8', 'E503'],
    ['h100x0', 'E502'],
    ['0xh100x8', 'E502'],
    ['125001xh100x8', 'E204'],
    ['99999999999999999999xh100x8', 'E204'],
    ['99999999999999999999xp4d', 'E204'],
  ])('%s with %s', (name, code) => {
    expect(problemOf(name).code).toBe(code)
  })
})
