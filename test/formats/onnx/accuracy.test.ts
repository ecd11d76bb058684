import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../src/formats/onnx/index.js'
import type { Source } from '../../../src/formats/source.js'

interface Row {
  readonly name: string
  readonly file: string
  readonly score: {
    readonly matrixFlops: number
    readonly parameters?: number
    readonly bind?: string
    readonly tolerance?: number
  }
}

const folder = path.resolve(import.meta.dirname, '../../../../shared/data/onnx')
const isThere = existsSync(path.join(folder, 'index.json'))
if (!isThere) console.log('real ONNX files are not beside the repository: their accuracy test is skipped')

function withFile<T>(file: string, use: (source: Source) => T): T {
  const handle = openSync(file, 'r')
  const read = (offset: number, length: number): Uint8Array => {
    const window = new Uint8Array(length)
    return window.subarray(0, readSync(handle, window, 0, length, offset))
  }
  try {
    return use({ name: file, size: fstatSync(handle).size, read })
  } finally {
    closeSync(handle)
  }
}

describe.skipIf(!isThere)('real files against independent counts', () => {
  const rows: Row[] = isThere ? JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8')) : []
  it.each(rows)('$name', ({ name, file, score }) => {
    const bind = new Map(
      (score.bind ?? '')
        .split(',')
        .filter(Boolean)
        .map((pair) => [pair.split('=')[0]!, Number(pair.split('=')[1])] as const),
    )
    const { facts, unmodelled, description } = withFile(path.join(folder, file), (source) =>
      readOnnx(source, { name, bind }),
    )
    const tolerance = score.tolerance ?? 0.01
    expect(Math.abs(facts.matrixFlops / score.matrixFlops - 1)).toBeLessThanOrEqual(tolerance)
    if (score.parameters !== undefined)
      expect(Math.abs(facts.parameters / score.parameters - 1)).toBeLessThanOrEqual(tolerance)
    expect(unmodelled).toEqual([])
    expect(new Set(description.ops.map((o) => o.name)).size).toBe(description.ops.length)
  })
})
