import { expect, test } from 'vitest'
import { resolveClusterName } from '../../src/hardware/index.js'
import { clusterListText, clusterText } from '../../src/report/clusterText.js'
import { plainStyle } from '../../src/report/style.js'
import { inspectCluster, listClusters } from '../../src/verbs/clusters.js'
import { catalogue, presets } from '../hardware/shipped.js'

const text = (name: string, warnings: string[] = []) =>
  clusterText(inspectCluster(resolveClusterName(name, catalogue, presets), warnings), plainStyle)

test('hosts, links and the matrix', () => {
  expect(text('2xh100x2', ['c.json#/x is ignored'])).toBe(`\
2xh100x2 · 4 devices in 2 hosts · 320.0 GiB · transfers full-duplex

hosts  each with              memory  interconnect                 network
    2  2 x H100-SXM5-80GB  80.00 GiB  switch 450.0 GB/s, 1.900 us  400.0 GB/s, 4.000 us

link    between                  rate   latency
SWITCH  devices of a host  450.0 GB/s  1.900 us
NET     hosts              400.0 GB/s  4.000 us

from \\ to  0       1       2       3
0          X       SWITCH  NET     NET
1          SWITCH  X       NET     NET
2          NET     NET     X       SWITCH
3          NET     NET     SWITCH  X

warning  c.json#/x is ignored
`)
})

test('one device has no links to show', () => {
  expect(text('h100x1')).not.toContain('link')
})

test('a large cluster says how many devices it leaves out', () => {
  expect(text('16xh100x8')).toMatch(/\n\.\.\. and 124 devices linked likewise\n$/)
})

test('the list names every kind with its preset, within the width', () => {
  const list = clusterListText(listClusters(catalogue, presets), plainStyle)
  for (const name of catalogue.sheets.keys()) expect(list).toContain(` ${name} `)
  expect(list).toMatch(/^h100x8 +H100-SXM5-80GB +80\.00 GiB +3\.350 TB\/s +989\.0 TFLOP\/s +h100 /m)
  for (const line of list.split('\n')) expect(line.length).toBeLessThanOrEqual(plainStyle.width)
})
