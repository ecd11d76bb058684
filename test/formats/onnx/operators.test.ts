import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../src/formats/onnx/index.js'
import { operators } from '../../../src/formats/onnx/ops/registry.js'
import { bytesSource } from '../../../src/formats/source.js'

/** What onnx, ONNX Runtime and a count by definition say of small models (launcher/tools/make_onnx_oracle.py). */
interface Known {
  readonly name: string
  readonly model: string
  readonly bind: Readonly<Record<string, number>>
  readonly outputs: Readonly<Record<string, { dtype: string | null; shape: readonly (number | null)[] | null }>>
  /** By a node's first output: all operations, and those of products. */
  readonly flops: Readonly<Record<string, readonly [number, number]>>
}

const stored = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url))
const cases = JSON.parse(gunzipSync(stored('fixtures/onnx-operators.json.gz')).toString()) as readonly Known[]
const read = ({ name, model, bind }: Known) =>
  readOnnx(bytesSource(`${name}.onnx`, Buffer.from(model, 'base64')), { name, bind: new Map(Object.entries(bind)) })

const shortNames: Readonly<Record<string, string>> = {
  float: 'fp32',
  float16: 'fp16',
  bfloat16: 'bf16',
  double: 'fp64',
}

describe('operators are what onnx says they are', () => {
  it.each(cases)('$name', (known) => {
    const { description, unmodelled } = read(known)
    const outputs = new Map(description.ops.flatMap((op) => op.outputs?.map((each) => [each.name, each]) ?? []))
    for (const [name, { dtype, shape }] of Object.entries(known.outputs)) {
      const ours = outputs.get(name)
      // What nobody reads is left out.
      if (!ours) continue
      if (dtype) expect([name, ours.dtype]).toEqual([name, shortNames[dtype] ?? dtype])
      if (shape && !unmodelled.length)
        expect([name, shape.map((size, d) => (size === null ? null : ours.shape?.[d]))]).toEqual([name, shape])
    }
    const ops = new Map(description.ops.map((op) => [op.name, op]))
    for (const [name, [flops, matrixFlops]] of Object.entries(known.flops)) {
      const { flops: ourFlops = 0, matrixFlops: ourMatrixFlops } = ops.get(name) ?? {}
      expect([name, ourMatrixFlops]).toEqual([name, matrixFlops])
      expect(Math.abs(ourFlops - flops), `${name}: ${ourFlops}, counted ${flops}`).toBeLessThanOrEqual(1e-9 * flops)
    }
  })

  it('every one of them is counted', () => {
    const counted = new Set(
      cases.flatMap((known) => read(known).description.ops.flatMap((op) => (known.flops[op.name] ? [op.type] : []))),
    )
    expect([...operators.keys()].filter((name) => !counted.has(name))).toEqual([])
  })
})

describe('docs/onnx.md', () => {
  const text = stored('docs/onnx.md').toString()
  const section = text.slice(text.indexOf('## Operators'), text.indexOf('## Weights'))
  const [known, unknown] = section.split('Not modelled:')

  /** Full names of the first cells of a table's rows. */
  const rows = (table: string, domain: string) =>
    table
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith(`| ${domain} |`))
      .flatMap((line) =>
        line
          .split(' | ')[0]
          .slice(2)
          .replaceAll(/ \([^)]*\)/g, '')
          .split(', '),
      )
      .map((name) => (domain === 'ai.onnx' ? name : `${domain}.${name}`))
  const [standard, microsoft] = known.split('| com.microsoft |')
  const listed = [...rows(standard, 'ai.onnx'), ...rows(microsoft, 'com.microsoft')].filter(
    (name) => !/flops$/.test(name),
  )

  it('lists every operator that is known, and no other', () => {
    expect(new Set(listed).size).toBe(listed.length)
    const controlled = ['Constant', 'If', 'Loop', 'Scan']
    expect([...listed].sort()).toEqual([...operators.keys(), ...controlled].sort())
  })

  it('lists no known operator as not modelled', () => {
    const named = unknown
      .split('\n')
      .filter((line) => /^\| [a-z]+\./.test(line))
      .flatMap((line) => {
        const [domain, names] = line.slice(2, -2).split(' | ')
        return names
          .replace(/^all[^:]*: /, '')
          .split(', ')
          .map((name) => (domain === 'ai.onnx' ? name : `${domain}.${name}`))
      })
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter((name) => operators.has(name))).toEqual([])
  })
})
