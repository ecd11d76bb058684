import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { clusterWarnings, readCluster } from '../../src/formats/cluster.js'
import { readClusterPresets } from '../../src/formats/clusterPresets.js'
import { clusterSchema } from '../../src/formats/clusterSchema.js'
import { catalogue } from '../hardware/shipped.js'

const interconnect = { topology: 'switch', bytesPerSecond: 450e9, latencySeconds: 2e-6 }
const network = { bytesPerSecond: 400e9, latencySeconds: 5e-6 }
const devices: unknown = { kind: 'H100-SXM5-80GB', count: 8, memoryBytes: 80e9 }
const host: Record<string, unknown> = { devices, interconnect, network }
const documentOf = (...hosts: unknown[]) => ({ kind: 'stowage.cluster', schemaVersion: '1.0', name: 'test', hosts })

const read = (value: unknown) => readCluster(value, catalogue, 'c.json')

function problemsOf(value: unknown) {
  try {
    read(value)
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was taken')
}
const codesOf = (value: unknown) => problemsOf(value).map(({ code, where }) => `${code} ${where}`)

test('reads two DGX H100', () => {
  const cluster = read(documentOf({ ...host, count: 2 }))
  expect([cluster.name, cluster.transfers, cluster.devices.length, cluster.hosts.length]).toEqual([
    ...['test', 'full-duplex', 16, 2],
  ])
  expect(cluster.hosts[1]).toEqual({ firstDevice: 8, deviceCount: 8, network })
  const sheet = catalogue.kinds.get('h100')
  expect(cluster.devices[8]).toEqual({ kind: 'H100-SXM5-80GB', sheet, host: 1, memoryBytes: 80e9, interconnect })
})

test('absent: one host, the memory of the data sheet, full-duplex, the name of the file, kind and version', () => {
  const { name, devices, hosts, transfers } = read({
    hosts: [{ devices: { kind: 'A100-SXM4-40GB', count: 1 }, interconnect }],
  })
  expect([name, hosts.length, transfers, devices[0].memoryBytes]).toEqual(['c.json', 1, 'full-duplex', 40 * 2 ** 30])
})

test('an alias becomes the canonical name', () => {
  const { devices } = read(documentOf({ ...host, devices: { kind: 'A100-80G', count: 1 } }))
  expect(devices[0].kind).toBe('A100-SXM4-80GB')
})

test('a host may hold several groups, numbered as listed', () => {
  const mixed = [
    { kind: 'v100', count: 1 },
    { kind: 'generic', count: 2, memoryBytes: 5 },
  ]
  const { devices } = read({ ...documentOf({ ...host, devices: mixed }), transfers: 'half-duplex' })
  expect(devices.map(({ kind }) => kind)).toEqual(['V100-SXM2-32GB', 'generic', 'generic'])
  expect(devices[1]).not.toHaveProperty('sheet')
})

test('minor versions add, a newer major is refused', () => {
  expect(read({ ...documentOf(host), schemaVersion: '1.7' }).devices).toHaveLength(8)
  expect(codesOf({ ...documentOf('nonsense'), schemaVersion: '2.0' })).toEqual(['E103 c.json#/schemaVersion'])
})

describe('refuses', () => {
  test('unknown kinds with near names, all of them', () => {
    const problems = problemsOf(
      documentOf(
        { ...host, devices: { kind: 'H1000', count: 1 } },
        { ...host, devices: [{ kind: 'qqqqqq', count: 1 }] },
      ),
    )
    expect(problems.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'E501 c.json#/hosts/0/devices/kind',
      'E501 c.json#/hosts/1/devices/0/kind',
    ])
    expect(problems[0].fix).toMatch(/did you mean h100/)
    expect(problems[1].fix).toContain('"generic"')
  })

  test('generic without memoryBytes', () => {
    expect(codesOf(documentOf({ ...host, devices: { kind: 'generic', count: 1 } }))).toEqual([
      'E105 c.json#/hosts/0/devices/memoryBytes',
    ])
  })

  test('wrong fields, each with its pointer and what stood there', () => {
    const problems = problemsOf({
      ...documentOf(
        { ...host, devices: { kind: 'h100', count: 1.5 } },
        { ...host, devices: [{ kind: 'h100', count: 1, memoryBytes: -1 }] },
        { ...host, interconnect: { ...interconnect, bytesPerSecond: 0, topology: 'torus' } },
        { devices },
        { ...host, devices: 8 },
      ),
      transfers: 'simplex',
    })
    expect(problems.map(({ code, where }) => `${code} ${where}`).sort()).toEqual([
      'E105 c.json#/hosts/0/devices/count',
      'E105 c.json#/hosts/1/devices/0/memoryBytes',
      'E105 c.json#/hosts/2/interconnect/bytesPerSecond',
      'E105 c.json#/hosts/2/interconnect/topology',
      'E105 c.json#/hosts/3/interconnect',
      'E105 c.json#/hosts/4/devices',
      'E105 c.json#/transfers',
    ])
    expect(problems.find(({ where }) => where?.endsWith('/transfers'))).toMatchObject({ found: '"simplex"' })
  })

  test.each([
    ['no hosts', documentOf(), 'E502 c.json#/hosts'],
    ['a host of no devices', documentOf({ ...host, devices: [] }), 'E502 c.json#/hosts/0'],
    ['a million hosts of eight', documentOf({ ...host, count: 1e6 }), 'E204 c.json#/hosts'],
    ['hosts apart', documentOf({ devices, interconnect, count: 2 }), 'E504 c.json#/hosts/0/network'],
    [
      'endless rates',
      JSON.parse(JSON.stringify(documentOf(host)).replace('450000000000', '1e999')),
      'E105 c.json#/hosts/0/interconnect/bytesPerSecond',
    ],
    ['a list', [], 'E105 c.json#'],
    ['null', null, 'E105 c.json#'],
    ['a number', 8, 'E105 c.json#'],
    ['no hosts key', { kind: 'stowage.cluster' }, 'E105 c.json#/hosts'],
    ['another kind', { ...documentOf(host), kind: 'stowage.graph' }, 'E105 c.json#/kind'],
    ['a bare version', { ...documentOf(host), schemaVersion: 1 }, 'E105 c.json#/schemaVersion'],
  ])('%s', (_, value, problem) => {
    expect(codesOf(value)).toEqual([problem])
  })
})

test('unknown keys are ignored with a warning that names the likely slip', () => {
  const value = { ...documentOf({ ...host, netwrk: network }), transfer: 'half-duplex', owner: 'us' }
  expect(read(value).transfers).toBe('full-duplex')
  const [inside, ...outside] = clusterWarnings(value, 'c.json')
  expect(inside).toBe('c.json#/hosts/0/netwrk is not a key of a cluster and is ignored: did you mean network?')
  expect(outside).toEqual([
    'c.json#/transfer is not a key of a cluster and is ignored: did you mean transfers?',
    'c.json#/owner is not a key of a cluster and is ignored',
  ])
  expect(clusterWarnings(documentOf(host), 'c.json')).toEqual([])
  expect(clusterWarnings(null, 'c.json')).toEqual([])
})

test('a cluster that was read and written again is the same', () => {
  const value = { ...documentOf({ ...host, count: 2, devices: [devices] }), transfers: 'uncontended' }
  expect(clusterSchema.parse(value)).toEqual(value)
})

test('two presets of one name are refused', () => {
  const file = (name: string) => ({ file: `${name}.json`, value: documentOf(host) })
  expect(() => readClusterPresets([file('a'), file('b')], catalogue)).toThrow(
    expect.objectContaining({ code: 'E202', problems: [expect.objectContaining({ where: 'b.json#/name' })] }),
  )
})

test('a value nested deeper than a call stack is still only a wrong field', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  expect(() => read({ kind: 'stowage.cluster', schemaVersion: '1.0', hosts: deep })).toThrow(UserError)
})
