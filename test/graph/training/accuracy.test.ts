import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../src/formats/onnx/index.js'
import { foldFreeOps, trainingGraph } from '../../../src/graph/index.js'
import { keptBytes, total } from './helpers.js'

interface Fact {
  readonly name: string
  readonly matrixFlops: number
  readonly jointGraphMatrixFlops: number
  readonly keptBytes: number
}

const read = (name: string) => readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url))
const facts: readonly Fact[] = JSON.parse(read('training.json').toString('utf8'))

function forward(name: string) {
  const bytes = read(`${name}.onnx`)
  const source = { name, size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) }
  return foldFreeOps(readOnnx(source, { name }).description)
}

describe('training graphs of the fixtures against torch', () => {
  it.each(facts)('$name: products of the exported joint graph within 2 %, kept bytes within 5 %', (fact) => {
    const training = trainingGraph(forward(fact.name))
    const products = total(training, (op) => op.matrixFlops)
    expect(Math.abs(products / fact.jointGraphMatrixFlops - 1)).toBeLessThan(0.02)
    expect(Math.abs(products / fact.matrixFlops - 1)).toBeLessThan(0.02)
    expect(Math.abs(keptBytes(training) / fact.keptBytes - 1)).toBeLessThan(0.05)
    expect(training.ops.filter(({ unmodelled }) => unmodelled)).toEqual([])
  })
})
