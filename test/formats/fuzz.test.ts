import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { bytesSource } from '../../src/formats/source.js'
import { inspectLayers } from '../../src/verbs/inspectLayers.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { validateFile } from '../../src/verbs/validateFile.js'
import { mutate, randomOf } from './mutate.js'
import {
  dnnPartitioning,
  graphlib,
  jointExport,
  kineto,
  pipedream,
  piper,
  profileCsv,
  source,
  torchExport,
} from './samples.js'

const mutations = 2000
const bind = new Map([['s0', 2]])
const context = { bind, catalogue: { kinds: new Map(), sheets: new Map() } }
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** What is read whole must answer or refuse; anything else is a bug of ours. Returns how many were valid. */
function survive(original: string, seed: number, read: (bytes: Uint8Array) => unknown, count = mutations): number {
  const random = randomOf(seed)
  let valid = 0
  for (let n = 0; n < count; n++) {
    const bytes = mutate(original, random)
    try {
      read(bytes)
      valid++
    } catch (error) {
      if (error instanceof UserError) continue
      throw new Error(`mutation ${n}: ${new TextDecoder().decode(bytes).slice(0, 2000)}`, { cause: error })
    }
  }
  return valid
}

describe('broken files are read or refused, never a crash', () => {
  test.each([
    ['torch-export', torchExport()],
    ['torch-export', jointExport()],
    ['dnn-partitioning', dnnPartitioning()],
    ['pipedream', pipedream()],
    ['piper', piper()],
    ['graphlib', graphlib()],
    ['kineto', kineto()],
    ['profile-csv', profileCsv()],
  ])('%s', (formatIn, sample) => {
    const valid = survive(text(sample), 1, (bytes) =>
      validateFile(bytesSource('file', bytes), { ...context, formatIn }),
    )
    // Both ends are reached, so the mutations are neither harmless nor hopeless.
    expect(valid).toBeGreaterThan(20)
    expect(valid).toBeLessThan(mutations - 200)
  })

  test('detection alone', () => {
    for (const [seed, sample] of [torchExport(), piper(), pipedream(), profileCsv(), kineto()].entries())
      survive(text(sample), seed, (bytes) => validateFile(bytesSource('file', bytes), context), 400)
  })

  test('profiles on a graph, and layers as text', () => {
    const graph = source(torchExport())
    for (const sample of [kineto(), profileCsv()])
      survive(text(sample), 3, (bytes) => loadGraph(graph, bind, { profile: bytesSource('file', bytes) }), 500)
    survive(text(piper()), 3, (bytes) => inspectLayers(bytesSource('file', bytes)), 500)
  })
})

describe('files made to hurt', () => {
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)

  test('arguments nested a hundred thousand deep', () => {
    const nested = text(torchExport()).replace(
      '[{"ref":"late"},0.1,false]',
      `[{"ref":"late"},${deep('[', ']', 100_000)}]`,
    )
    expect(nested).toContain('[[[')
    expect(() => validateFile(bytesSource('file', new TextEncoder().encode(nested)), context)).not.toThrow(RangeError)
  })

  test('a trace nested twenty thousand deep, each op with a backward op', () => {
    const traceEvents = Array.from({ length: 20_000 }, (_, k) => [
      {
        ph: 'X',
        cat: 'cpu_op',
        name: `aten::op${k % 5}`,
        pid: 1,
        tid: 1,
        ts: k,
        dur: 100_000 - 2 * k,
        args: { 'Sequence number': k },
      },
      {
        ph: 'X',
        cat: 'cpu_op',
        name: 'autograd::engine::evaluate_function: B',
        pid: 1,
        tid: 2,
        ts: 10 * k,
        dur: 5,
        args: { 'Sequence number': k },
      },
    ]).flat()
    const { profile } = loadGraph(source(torchExport()), bind, { profile: source({ traceEvents }) })
    expect(profile?.shares.map((share) => share.of)).toEqual(['forward', 'backward'])
  })

  test('modules nested twenty thousand deep', () => {
    const traceEvents = Array.from({ length: 20_000 }, (_, k) => ({
      ph: 'X',
      cat: 'user_annotation',
      name: `mod:m${k}`,
      pid: 1,
      tid: 1,
      ts: k,
      dur: 100_000 - 2 * k,
    }))
    expect(loadGraph(source(torchExport()), bind, { profile: source({ traceEvents }) }).profile?.measuredOps).toBe(0)
  })

  test('a chain of twenty thousand views', () => {
    const graph = torchExport()
    const at = graph.nodes.findIndex((node) => node.name === 'flat')
    const { [at]: flat } = graph.nodes
    const chain = Array.from({ length: 20_000 }, (_, k) => ({
      ...flat,
      name: `chain${k}`,
      args: [{ ref: k ? `chain${k - 1}` : 'dropout' }],
    }))
    graph.nodes.splice(at, 0, ...(chain as typeof graph.nodes))
    graph.nodes.find((node) => node.name === 'flat')!.args = [{ ref: 'chain19999' }]
    expect(loadGraph(source(graph), bind).graph.ops).toHaveLength(6)
  })
})
