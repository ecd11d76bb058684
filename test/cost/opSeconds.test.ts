import { describe, expect, test } from 'vitest'
import { opSeconds } from '../../src/cost/index.js'
import type { OpDescription } from '../../src/graph/index.js'
import { roundSheet } from '../helpers/clusters.js'

const cost = (more: Partial<OpDescription>, sheet: typeof roundSheet | undefined = roundSheet) =>
  opSeconds({ name: 'a', type: 'Op', ...more }, 'round', sheet)

describe('opSeconds', () => {
  test.each([
    ['a measured time wins over the model', { seconds: 3, flops: 1e15 }, 3, 'profile'],
    ['zero is a measured time', { seconds: 0, flops: 1e15 }, 0, 'profile'],
    ['so does a time by kind', { seconds: { round: 2, other: 1 }, flops: 1e15 }, 2, 'profile'],
    ['a profile of other kinds leaves the model', { seconds: { other: 1 }, flops: 1e12 }, 5e-6 + 1, 'model'],
    ['vector arithmetic runs at the fp32 peak', { flops: 2e12 }, 5e-6 + 2, 'model'],
    ['matrix arithmetic at its share of the peak', { flops: 1e12, matrixFlops: 1e12 }, 5e-6 + 2, 'model'],
    ['of its own type', { flops: 1e12, matrixFlops: 1e12, dtype: 'bf16' }, 5e-6 + 0.5, 'model'],
    ['both in turn', { flops: 2e12, matrixFlops: 1e12, dtype: 'bf16' }, 5e-6 + 0.5 + 1, 'model'],
    ['memory bounds what arithmetic does not', { flops: 1, bytesAccessed: 8e10 }, 5e-6 + 1, 'model'],
    ['the larger of the two', { flops: 2e12, bytesAccessed: 8e10 }, 5e-6 + 2, 'model'],
    ['work of nothing is a launch', { flops: 0 }, 5e-6, 'model'],
    ['nothing known is a launch', {}, 5e-6, 'launch-only'],
    ['a kind that is not allowed', { seconds: 1, deviceKinds: ['other'] }, Number.NaN, 'none'],
    ['no kind allowed', { seconds: 1, deviceKinds: [] }, Number.NaN, 'none'],
    ['a profile of other kinds alone', { seconds: { other: 1 } }, Number.NaN, 'none'],
  ] as const)('%s', (_what, more, seconds, source) => {
    const answer = cost(more)
    expect(answer.source).toBe(source)
    if (Number.isNaN(seconds)) expect(answer.seconds).toBeNaN()
    else expect(answer.seconds).toBeCloseTo(seconds, 12)
  })

  test('a kind without data sheet runs on measured seconds alone', () => {
    const bare = (more: Partial<OpDescription>) => opSeconds({ name: 'a', type: 'Op', ...more }, 'generic', undefined)
    expect(bare({ seconds: 1 }).seconds).toBe(1)
    expect(bare({ flops: 1 })).toEqual({ seconds: Number.NaN, source: 'none' })
  })

  test('a substituted peak is told, and is never a faster type', () => {
    expect(cost({ flops: 1, matrixFlops: 1, dtype: 'fp8' }).substitutedDtype).toBe('bf16')
    expect(cost({ flops: 1, matrixFlops: 1, dtype: 'fp64' }).substitutedDtype).toBe('fp32')
    expect(cost({ flops: 1, matrixFlops: 1, dtype: 'bf16' }).substitutedDtype).toBeUndefined()
    expect(cost({ flops: 1, dtype: 'fp8' }).substitutedDtype).toBeUndefined()
  })

  test.each(['constructor', 'toString', '__proto__', 'no such type', ''])('the type %j counts as fp32', (dtype) => {
    expect(cost({ flops: 1e12, matrixFlops: 1e12, dtype }).seconds).toBeCloseTo(5e-6 + 2, 12)
  })

  test.each(['constructor', '__proto__'])('the device kind %j has no time unless measured', (kind) => {
    expect(opSeconds({ name: 'a', type: 'Op', seconds: { other: 1 } }, kind, undefined).seconds).toBeNaN()
  })
})
