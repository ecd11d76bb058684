import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type FsdpMemory,
  type FsdpMemoryRequest,
  fsdpMemory,
  memoryPhases,
} from '../../../src/cost/fsdpMemory/index.js'
import { completeModel, type ModelFields } from '../../../src/model/index.js'
import { request } from './requests.js'

/** Made with PyTorch 2.13's FSDPMemTracker under FakeTensorMode from random configurations: what one rank holds at each phase. */
interface TrackerRow extends Omit<FsdpMemoryRequest, 'model'> {
  readonly kind: string
  readonly model: ModelFields
  /** In the order of memoryPhases. */
  readonly phases: readonly number[]
  readonly persistent: FsdpMemory['persistent']
}

const rows: readonly TrackerRow[] = JSON.parse(readFileSync(new URL('trackerRows.json', import.meta.url), 'utf8'))

describe("PyTorch's tracker on small random configurations", () => {
  test.each(rows.map((row, index) => [index, row.kind, row] as const))('row %i, %s', (_index, _kind, row) => {
    const answer = fsdpMemory({ ...row, model: completeModel(row.model).model })
    expect(memoryPhases.map((phase) => answer.phases[phase])).toEqual(row.phases)
    expect(answer.persistent).toEqual(row.persistent)
    expect(answer.exact).toBe(true)
    expect(answer.notExactBecause).toBeUndefined()
  })
})

describe('the account', () => {
  test('the peak is the largest phase, made of what it names', () => {
    const { phases, peakBytes, largest } = fsdpMemory(request())
    expect(peakBytes).toBe(Math.max(phases.peakForward, phases.peakBackward, phases.peakOptimizer))
    expect(phases[largest.phase]).toBe(peakBytes)
    expect(Object.values(largest.bytesByKind).reduce((sum, bytes) => sum + bytes, 0)).toBe(peakBytes)
  })

  test('the largest step follows what grows: the loss with the vocabulary, a block with its MLP, the root with a small model', () => {
    const step = (changes: Parameters<typeof request>[0]) => fsdpMemory(request(changes)).largest.step
    expect(step({ model: { vocab: 200000 }, seq: 1024 })).toMatch(/^loss/)
    expect(step({ model: { ffn: 16384 }, recompute: 'full', batch: 8, seq: 1024, policy: { loss: 'mean' } })).toMatch(
      /mlp/,
    )
    expect(step({ recompute: 'full', batch: 1, seq: 8, policy: { loss: 'mean', units: 'root' } })).toMatch(
      /reduce-scatter/,
    )
  })

  test('depth changes bytes as many equal blocks do: a layer more adds the same each time', () => {
    const at = (layers: number) => fsdpMemory(request({ model: { layers } })).phases.afterForward
    expect(at(7) - at(6)).toBe(at(3) - at(2))
    expect(at(1000) - at(999)).toBe(at(3) - at(2))
  })

  test('microbatches between the second and the last are alike', () => {
    for (const syncEveryMicrobatch of [true, false]) {
      const at = (accumulation: number) => fsdpMemory(request({ policy: { accumulation, syncEveryMicrobatch } }))
      expect(at(50)).toEqual(at(3))
    }
  })

  test.each([
    [{ model: { experts: 8, topK: 2, expertFfn: 128 } }, /experts/],
    [{ model: { positions: 'rope' } }, /rotary/],
    [{ model: { expandKv: false } }, /grouped heads/],
    [{ model: { dropout: 0.1 } }, /dropout/],
    [{ model: { kvLoraRank: 64, vHeadDim: 192 } }, /latent/],
    [{ model: { activation: 'relu', gatedMlp: false } }, /relu/],
    [{ model: { tiedEmbeddings: true }, policy: { units: 'block+embed+head+root' } }, /tied/],
    [{ model: { positions: 'learned' }, policy: { units: 'block+embed+head+root' } }, /learned positions/],
    [{ policy: { reshardAfterForward: 4 } }, /fewer ranks/],
    [{ policy: { units: 'root', prefetch: 'explicit:1' } }, /explicit prefetch/],
  ] as const)('says when it is not exact: %j', (changes, reason) => {
    const answer = fsdpMemory(request(changes as Parameters<typeof request>[0]))
    expect(answer.exact).toBe(false)
    expect(answer.notExactBecause).toEqual([expect.stringMatching(reason)])
    expect(Number.isSafeInteger(answer.peakBytes)).toBe(true)
  })

  test('experts count with all their parameters', () => {
    const dense = fsdpMemory(request({ model: { layers: 1 } })).persistent.parameters
    const moe = fsdpMemory(request({ model: { layers: 1, experts: 8, topK: 2, expertFfn: 512 } })).persistent.parameters
    expect(8 * (moe - dense)).toBe(4 * (7 * 3 * 256 * 512 + 8 * 256))
  })
})
