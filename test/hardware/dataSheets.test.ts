import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Dtype, usualPreset } from '../../src/hardware/index.js'
import { catalogue, presets } from './shipped.js'

const sheets = [...catalogue.sheets.values()]

test('the kinds that the format promises are there', () => {
  for (const name of [
    ...['V100-SXM2-32GB', 'RTX-2080Ti', 'A100-SXM4-40GB', 'A100-SXM4-80GB', 'A100-PCIe-80GB', 'A800-SXM-80GB'],
    ...['H100-SXM5-80GB', 'H100-PCIe-80GB', 'H100-SXM-96GB-HBM2e', 'H800-SXM-80GB', 'H200-SXM-141GB'],
    ...['B200-SXM-180GB', 'B300-SXM-288GB', 'GB200-186GB', 'GB300-288GB', 'MI300X-192GB', 'MI325X-256GB'],
    ...['MI355X-288GB', 'TPU-v4', 'TPU-v5e', 'TPU-v5p', 'TPU-v6e'],
  ])
    expect(catalogue.sheets.has(name), name).toBe(true)
})

describe.each(sheets.map((sheet) => [sheet.kind.name, sheet] as const))('%s', (_, { kind, host, origins }) => {
  const peaks = kind.flopsPerSecond

  test('narrower arithmetic is not slower', () => {
    const order: Dtype[][] = [
      ['fp64', 'fp32', 'tf32', 'bf16', 'fp8', 'fp4'],
      ['fp32', 'tf32', 'fp16', 'fp8', 'fp4'],
      ['bf16', 'int8'],
    ]
    for (const dtypes of order) {
      const known = dtypes.map((dtype) => peaks[dtype]).filter((peak) => peak !== undefined)
      expect(known).toEqual([...known].sort((a, b) => a - b))
    }
    if (peaks.bf16 !== undefined && peaks.fp16 !== undefined) expect(peaks.bf16).toBe(peaks.fp16)
  })

  test('figures lie where such hardware lies', () => {
    const best = peaks.bf16 ?? peaks.fp16!
    expect(best).toBeGreaterThan(1e13)
    expect(best).toBeLessThan(1e16)
    for (const share of [kind.matrixEfficiency, kind.memoryEfficiency]) {
      expect(share).toBeGreaterThan(0.4)
      expect(share).toBeLessThanOrEqual(1)
    }
    expect(kind.memoryBytes % 2 ** 30).toBe(0)
    // Work per byte at the ridge of the roofline.
    expect(best / kind.memoryBytesPerSecond).toBeGreaterThan(50)
    expect(best / kind.memoryBytesPerSecond).toBeLessThan(600)
    expect(kind.launchSeconds).toBeGreaterThan(1e-7)
    expect(kind.launchSeconds).toBeLessThan(1e-4)
  })

  test('memory is faster than the interconnect, and that not slower than its share of the network', () => {
    expect(kind.memoryBytesPerSecond).toBeGreaterThan(host.interconnect.bytesPerSecond)
    expect(host.interconnect.bytesPerSecond).toBeGreaterThanOrEqual(host.network.bytesPerSecond / host.devicesPerHost)
    expect(host.interconnect.latencySeconds).toBeLessThan(host.network.latencySeconds)
    expect(host.domainDevices % host.devicesPerHost).toBe(0)
  })

  test('every figure says where it comes from', () => {
    expect(origins.length).toBe(9)
    for (const { how, source } of origins) {
      expect(['measured', 'specified', 'recalled', 'assumed']).toContain(how)
      if (how === 'assumed') expect(catalogue.sheets.has(source), source).toBe(true)
      else expect(source.length).toBeGreaterThan(20)
    }
  })
})

test('the name of a memory size is the memory size', () => {
  for (const { kind } of sheets) {
    const size = /(\d+)GB/.exec(kind.name)?.[1]
    if (size !== undefined) expect(kind.memoryBytes, kind.name).toBe(Number(size) * 2 ** 30)
  }
})

test('best measured matmul shares', () => {
  const share = (name: string) => catalogue.kinds.get(name)!.matrixEfficiency
  expect(['a100', 'h100', 'h200', 'b200', 'gb200', 'mi300x'].map((name) => share(name).toFixed(2))).toEqual([
    ...['0.87', '0.80', '0.80', '0.78', '0.73', '0.51'],
  ])
})

test('presets are described and take no name of a device kind', () => {
  expect(presets.size).toBeGreaterThan(0)
  for (const [name, { description }] of presets) {
    expect(description, name).toBeTruthy()
    expect(catalogue.kinds.has(name), name).toBe(false)
    expect(name).toBe(name.toLowerCase())
  }
})

test('docs/hardware.md tells the figures that are shipped', () => {
  const docs = readFileSync(new URL('../../docs/hardware.md', import.meta.url), 'utf8')
  for (const sheet of sheets) {
    const { kind, host } = sheet
    const row = docs.split('\n').find((line) => line.startsWith(`| ${kind.name} |`)) ?? ''
    const cells = row.split('|').map((cell) => cell.trim().replace(/ [mra]$/, ''))
    const peak = kind.flopsPerSecond.bf16 ?? kind.flopsPerSecond.fp16!
    expect(cells.slice(1, -1), kind.name).toEqual([
      kind.name,
      usualPreset(sheet),
      peak >= 1e15 ? `${peak / 1e15} P` : `${peak / 1e12} T`,
      String(kind.matrixEfficiency),
      String(kind.memoryBytes / 2 ** 30),
      String(kind.memoryBytesPerSecond / 1e9),
      String(kind.memoryEfficiency),
      `${host.interconnect.topology} ${host.interconnect.bytesPerSecond / 1e9}`,
      String(host.network.bytesPerSecond / 1e9),
    ])
  }
  for (const name of presets.keys()) expect(docs).toContain(`\`${name}\``)
})
