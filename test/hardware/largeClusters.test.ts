import { expect, test } from 'vitest'
import { clusterSummary, linkClasses, refuseUnlinked, resolveClusterName } from '../../src/hardware/index.js'
import { catalogue, presets } from './shipped.js'

test('a cluster of 800,000 devices is told of in a blink', () => {
  const started = process.cpuUsage()
  const cluster = resolveClusterName('99999xh100x8', catalogue, presets)
  const { hostGroups, devices } = clusterSummary(cluster)
  const { user, system } = process.cpuUsage(started)
  expect([devices, hostGroups.length, hostGroups[0].hosts]).toEqual([799_992, 1, 99_999])
  expect((user + system) / 1e6).toBeLessThan(1)
})

test('and refused where ops would be placed on it, before anything is laid out for each device', () => {
  const cluster = resolveClusterName('1025xh100x8', catalogue, presets)
  expect(() => refuseUnlinked(cluster)).toThrow('too many devices')
  expect(() => linkClasses(cluster)).toThrow('too many devices')
  expect(() => refuseUnlinked(resolveClusterName('1024xh100x8', catalogue, presets))).not.toThrow()
})
