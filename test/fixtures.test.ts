import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { buildGraph, type GraphDescription } from '../src/graph/index.js'

interface Fact {
  readonly name: string
  readonly file: string
  readonly bytes: number
  readonly ops: number
  readonly parameters: number
  readonly matrixFlops: number
  readonly bind?: Readonly<Record<string, number>>
  readonly source: string
}

const folder = new URL('../fixtures/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder))
const readJson = (name: string) => JSON.parse(read(name).toString('utf8'))
const files = readdirSync(folder)
const facts: readonly Fact[] = readJson('index.json')

describe('fixtures/', () => {
  test('index.json has one entry for each ONNX file', () => {
    expect(facts.map((fact) => fact.file).sort()).toEqual(files.filter((name) => name.endsWith('.onnx')).sort())
    expect(facts.map((fact) => fact.name)).toEqual(expect.arrayContaining(['gpt2-small', 'resnet50', 'moe-tiny']))
  })

  test.each(facts)('$file is small and has complete facts', (fact) => {
    expect(fact.file).toBe(`${fact.name}.onnx`)
    expect(read(fact.file)).toHaveLength(fact.bytes)
    expect(fact.bytes).toBeLessThan(200_000)
    for (const count of [fact.ops, fact.parameters, fact.matrixFlops]) expect(count).toSatisfy(isCount)
    for (const extent of Object.values(fact.bind ?? {})) expect(extent).toSatisfy(isCount)
    expect(fact.source).not.toBe('')
  })

  test('gpt2-small has the parameters and matrix FLOPs of the published model', () => {
    const [layers, seq, hidden, vocab, context] = [12, 128, 768, 50257, 1024]
    const block = 12 * hidden ** 2 + 13 * hidden
    const gpt2 = facts.find((fact) => fact.name === 'gpt2-small')
    expect(gpt2?.parameters).toBe((vocab + context) * hidden + layers * block + 2 * hidden)
    const blockFlops = 24 * seq * hidden ** 2 + 4 * seq ** 2 * hidden
    expect(gpt2?.matrixFlops).toBe(layers * blockFlops + 2 * seq * hidden * vocab)
  })

  test.each(files)('%s holds no machine path', (name) => {
    const text = read(name).toString('latin1')
    for (const trace of ['/home', '/tmp', '/work', '/root', '/usr', 'site-packages', '.py"'])
      expect(text).not.toContain(trace)
  })

  test('README.md lists every file', () => {
    const readme = read('README.md').toString('utf8')
    for (const name of files.filter((file) => file !== 'README.md')) expect(readme).toContain(`| ${name} |`)
  })
})

describe('diamond.json', () => {
  const graph: GraphDescription & { kind: string; schemaVersion: string } = readJson('diamond.json')

  test('is a valid graph', () => {
    expect([graph.kind, graph.schemaVersion]).toEqual(['stowage.graph', '1.0'])
    expect(() => buildGraph(graph, 'diamond.json')).not.toThrow()
  })

  test('is measured on both device kinds of two-hosts.json', () => {
    const kinds = readJson('two-hosts.json').hosts.map((host: { devices: { kind: string } }) => host.devices.kind)
    for (const op of graph.ops) expect(Object.keys(op.seconds ?? {}).sort()).toEqual([...kinds].sort())
  })

  test('shows what the format can say', () => {
    const consumers = graph.edges.filter((edge) => edge.output === 'x')
    expect(consumers.length).toBeGreaterThan(1)
    expect(graph.edges.some((edge) => edge.output === undefined)).toBe(true)
    expect(graph.ops.filter((op) => op.colocationGroup === 'table').length).toBeGreaterThan(1)
    expect(graph.ops.some((op) => op.temporaryBytes)).toBe(true)
  })

  test('bytes follow from shapes', () => {
    const width: Record<string, number> = { fp32: 4, int64: 8 }
    const bytes = (shape: readonly number[], dtype: string) => shape.reduce((a, b) => a * b, width[dtype]!)
    for (const output of graph.ops.flatMap((op) => op.outputs ?? []))
      expect(output.bytes).toBe(bytes(output.shape ?? [], output.dtype ?? ''))
    for (const parameter of graph.parameters ?? [])
      expect(graph.ops.find((op) => op.name === parameter.op)?.parameterBytes).toBe(
        bytes(parameter.shape, parameter.dtype),
      )
  })
})

test('two-hosts.json is a cluster of unlike hosts with a network', () => {
  const cluster = readJson('two-hosts.json')
  expect([cluster.kind, cluster.schemaVersion, cluster.transfers]).toEqual(['stowage.cluster', '1.0', 'full-duplex'])
  for (const host of cluster.hosts) {
    expect([host.count, host.devices.count]).toSatisfy((counts: number[]) => counts.every(isCount))
    for (const link of [host.interconnect, host.network]) expect(link.bytesPerSecond).toBeGreaterThan(1e9)
  }
  expect(new Set(cluster.hosts.map((host: { devices: { kind: string } }) => host.devices.kind)).size).toBe(2)
})

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
