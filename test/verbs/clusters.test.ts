import { expect, test } from 'vitest'
import { resolveClusterName } from '../../src/hardware/index.js'
import { inspectCluster, listClusters } from '../../src/verbs/clusters.js'
import { catalogue, presets } from '../hardware/shipped.js'

test('lists every device kind with its data sheet, and the presets by name', () => {
  const { kind, devices, presets: listed } = listClusters(catalogue, presets)
  expect(kind).toBe('stowage.clusters')
  expect(devices).toHaveLength(catalogue.sheets.size)
  expect(devices.find(({ name }) => name === 'H100-SXM5-80GB')).toMatchObject({
    preset: 'h100x8',
    memoryBytes: 80 * 2 ** 30,
    host: { devicesPerHost: 8 },
    origins: expect.arrayContaining([expect.objectContaining({ figure: 'memoryEfficiency', how: 'measured' })]),
  })
  expect(listed.map(({ name }) => name)).toEqual([...presets.keys()].sort())
})

test('inspects a cluster as plain JSON', () => {
  const inspection = inspectCluster(resolveClusterName('2xa100x4', catalogue, presets), ['careful'])
  expect(inspection).toMatchObject({ kind: 'stowage.inspect', schemaVersion: '1.0', warnings: ['careful'] })
  expect(inspection.cluster).toMatchObject({ name: '2xa100x4', devices: 8, hosts: 2, transfers: 'full-duplex' })
  expect(JSON.parse(JSON.stringify(inspection))).toEqual(inspection)
})
