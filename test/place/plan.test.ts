import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { planPlacement } from '../../src/place/index.js'
import { oneHost } from '../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../helpers/graphs.js'

const options = { lpSolver: 'auto', effort: 0 } as const

async function refusal(...args: Parameters<typeof problemOf>): Promise<UserError> {
  try {
    await planPlacement(problemOf(...args), { placer: 'etf', ...options })
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('was placed')
}

describe('planPlacement', () => {
  test('the portfolio is no worse than any of its placers', async () => {
    const names = Array.from({ length: 12 }, (_, k) => `o${k}`)
    const arrows = names.flatMap((name, k) =>
      [k * 2 + 1, k * 2 + 2].flatMap((child) => (names[child] ? [`${name}>${names[child]}`] : [])),
    )
    const problem = problemOf(
      graphOf(
        names.map((name, k) => op(name, 1 + (k % 4), 900 * (k % 3))),
        ...arrows,
      ),
      oneHost(3),
    )
    const { placement } = await planPlacement(problem, { placer: 'auto', ...options })
    for (const placer of ['etf', 'sct', 'heft', 'topo'] as const) {
      const single = await planPlacement(problem, { placer, ...options })
      expect(single.misses).toEqual([])
      expect(placement.schedule.makespan).toBeLessThanOrEqual(single.placement.schedule.makespan)
    }
  })

  test('one op on one device is its own bound', async () => {
    const { placement, bound } = await planPlacement(problemOf(graphOf([op('a', 3)]), oneHost(1)), {
      placer: 'auto',
      ...options,
    })
    expect([placement.schedule.makespan, bound.ticks]).toEqual([ms(3), ms(3)])
  })

  test('E206: a graph without ops', async () => {
    expect(await refusal(graphOf([]), oneHost(1))).toMatchObject({ code: 'E206', exitCode: 2 })
  })

  test('E302: before any placer runs', async () => {
    expect(await refusal(graphOf([op('a', 1, 11)]), oneHost(2), [10, 10])).toMatchObject({ code: 'E302', exitCode: 3 })
  })

  test('E301: a miss that no arithmetic proves tells how near it came', async () => {
    const kept = graphOf([op('a', 1, 60), op('b', 1, 60), op('c', 1), op('d', 1)], 'a>c', 'b>d', 'a-d', 'b-c')
    const { code, exitCode, problems } = await refusal(kept, oneHost(1), [119])
    expect([code, exitCode]).toEqual(['E301', 3])
    expect(problems).toHaveLength(1)
    expect(problems[0].found).toContain('etf placed 1 of 4 ops; b (Op) is 1 B over on device 0')
    expect(problems[0].fix).toMatch(/^raise the limit by 1 B/)
    await expect(planPlacement(problemOf(kept, oneHost(1), [120]), { placer: 'etf', ...options })).resolves.toBeTruthy()
  })
})
