import { describe, expect, test } from 'vitest'
import type { FsdpBufferDecision, ShardPrediction } from '../../src/plan/types.js'
import { planLine } from '../../src/verbs/planBatch.js'

const parameters = [
  { name: 'a', shape: [64, 16], dtype: 'bf16' },
  { name: 'b', shape: [16, 64], dtype: 'bf16' },
  { name: 'norm', shape: [16], dtype: 'fp32' },
]
interface Answer {
  readonly id: string
  readonly decisions: {
    readonly fsdp: { readonly units: readonly { readonly buffers: readonly FsdpBufferDecision[] }[] }
  }
  readonly prediction: ShardPrediction
}
const answer = (request: object) => planLine(JSON.stringify(request), 3, 'batch.jsonl') as unknown as Answer

describe('a line of a batch of plans', () => {
  test('is a plan with a buffer for each dtype, elements by rank adding up', () => {
    const { id, decisions, prediction } = answer({ id: 'x', parameters, options: { strategy: 'fsdp', devices: 4 } })
    const { buffers } = decisions.fsdp.units[0]
    expect(id).toBe('x')
    expect(buffers.map(({ dtype }) => dtype)).toEqual(['bf16', 'fp32'])
    const sums = buffers.flatMap((buffer) =>
      buffer.parameters.map((p) => [p.name, p.elementsByRank!.reduce((x, y) => x + y, 0)]),
    )
    expect(Object.fromEntries(sums)).toEqual({ a: 1024, b: 1024, norm: 16 })
    expect(prediction.certificates).toHaveLength(2)
  })

  test('lets a parameter have a granularity of its own, and rules by name', () => {
    const options = { devices: 4, granularity: ['rows:1', 'b*=matrix'] }
    const own = [{ ...parameters[0], granularity: 'rows:8' }, parameters[1]]
    const [{ buffers }] = answer({ parameters: own, options }).decisions.fsdp.units
    const blocks = buffers[0].parameters.map((p) => [p.name, p.granularity])
    expect(Object.fromEntries(blocks)).toEqual({ a: 128, b: 1024 })
  })

  test('writes no counts by rank where they are many', () => {
    const [{ buffers }] = answer({ parameters, options: { devices: 131_072 } }).decisions.fsdp.units
    expect(buffers[0].parameters[0]).not.toHaveProperty('elementsByRank')
  })

  test.each([
    ['an unknown strategy', { parameters, options: { strategy: 'magic', devices: 2 } }, 'E105'],
    ['nothing to plan for', { options: {} }, 'E105'],
    ['no devices', { parameters, options: { strategy: 'fsdp' } }, 'E105'],
    ['a wrong granularity', { parameters, options: { devices: 2, granularity: 'rows:0' } }, 'E105'],
    ['a name that stands twice', { parameters: [parameters[0], parameters[0]], options: { devices: 2 } }, 'E202'],
    [
      'more elements than can be counted',
      { parameters: [{ name: 'a', shape: [2e9, 2e9] }], options: { devices: 2 } },
      'E204',
    ],
  ])('answers %s with an error of its own', (_, request, code) => {
    expect(answer(request)).toMatchObject({ id: 3, error: { code } })
  })
})
