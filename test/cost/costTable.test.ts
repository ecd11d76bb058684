import { describe, expect, test } from 'vitest'
import { costTable } from '../../src/cost/index.js'
import { UserError } from '../../src/errors/index.js'
import { buildGraph, type OpDescription } from '../../src/graph/index.js'
import { clusterOf, roundSheet } from '../helpers/clusters.js'
import { graphOf, op } from '../helpers/graphs.js'

const cluster = clusterOf([{ kinds: ['round', 'generic', 'round'] }], 'full-duplex', { round: roundSheet })
const table = (...ops: OpDescription[]) => costTable(buildGraph(graphOf(ops)), cluster)

function problemsOf(...ops: OpDescription[]) {
  try {
    table(...ops)
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was costed')
}

describe('costTable', () => {
  test('has a column per kind, in order of the first device', () => {
    const costs = table(op('a', 1), op('b', 0, 0, { seconds: { generic: 2 }, flops: 1e12 }))
    expect(costs.kinds).toEqual(['round', 'generic'])
    expect([...costs.kindOf]).toEqual([0, 1, 0])
    expect([...costs.seconds[0]]).toEqual([1e-3, 1 + 5e-6])
    expect([...costs.seconds[1]]).toEqual([1e-3, 2])
    expect(costs.sources).toEqual({ profile: 1, model: 1, 'launch-only': 0, none: 0 })
  })

  test('an op that one kind cannot run is NaN there', () => {
    const costs = table(op('a', 1, 0, { deviceKinds: ['generic'] }))
    expect([costs.seconds[0][0], costs.seconds[1][0]]).toEqual([Number.NaN, 1e-3])
  })

  test('tells what it assumed', () => {
    const fp8 = { seconds: undefined, flops: 1, matrixFlops: 1, dtype: 'fp8' }
    const { assumed } = table(op('a', 1, 0, fp8), op('b', 1, 0, fp8), op('c', 1, 0, { seconds: undefined }))
    expect(assumed).toEqual([
      'round has no fp8 peak: bf16 used for 2 ops',
      '1 ops state neither seconds nor FLOPs nor bytes: one kernel launch each',
    ])
  })

  test('E209: an op that nothing can cost; E303: one whose kinds the cluster lacks; both at once', () => {
    const problems = problemsOf(
      op('a', 1, 0, { seconds: { A100: 1 } }),
      op('b', 1, 0, { deviceKinds: ['rounf', 'A100'] }),
      op('c', 1, 0, { deviceKinds: [] }),
    )
    expect(problems).toMatchObject([
      { code: 'E209', where: 'op a', found: 'measured on A100', fix: expect.stringContaining('give seconds') },
      { code: 'E303', where: 'op b', found: 'the cluster has round, generic', fix: 'did you mean round?' },
      { code: 'E303', where: 'op c', fix: 'add such a device to the cluster' },
    ])
  })
})
