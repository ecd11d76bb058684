import { describe, expect, test } from 'vitest'
import { shippedCollectiveTables } from '../../../src/cli/collectiveTables.js'

/** NVLinks between the eight V100 of a DGX-1, as `nvidia-smi topo -m` prints them. */
const links = [
  [0, 1, 1, 2, 2, 0, 0, 0],
  [1, 0, 2, 1, 0, 2, 0, 0],
  [1, 2, 0, 2, 0, 0, 1, 0],
  [2, 1, 2, 0, 0, 0, 0, 1],
  [2, 0, 0, 0, 0, 1, 1, 2],
  [0, 2, 0, 0, 1, 0, 2, 1],
  [0, 0, 1, 0, 1, 2, 0, 2],
  [0, 0, 0, 1, 2, 1, 2, 0],
]

/** Every cycle through the first `n` devices, in one direction, along existing links. */
function cycles(n: number, path: readonly number[] = [0]): (readonly number[])[] {
  const last = path[path.length - 1]
  if (path.length === n) return links[last][0] > 0 && path[1] <= last ? [path] : []
  return links[last]
    .slice(0, n)
    .flatMap((count, next) => (count > 0 && !path.includes(next) ? cycles(n, [...path, next]) : []))
}

/** Most cycles that share no link: a link carries one ring each way. */
function mostDisjoint(all: readonly (readonly number[])[], left: readonly (readonly number[])[] = links): number {
  return all.reduce((best, cycle, i) => {
    const taken = left.map((row) => [...row])
    cycle.forEach((from, k) => {
      const to = cycle[(k + 1) % cycle.length]
      taken[from][to]--
      taken[to][from]--
    })
    return taken.flat().some((count) => count < 0) ? best : Math.max(best, 1 + mostDisjoint(all.slice(i), taken))
  }, 0)
}

describe('rings of V100 hosts', () => {
  const volta = shippedCollectiveTables().generations.find(({ generation }) => generation === 'volta')!

  test('every device has as many links as its mesh says', () => {
    for (const row of links) expect(row.reduce((a, b) => a + b)).toBe(volta.mesh!.links)
  })

  test.each([3, 4, 6, 7, 8])('%i devices: the wiring allows as many as the table says', (n) => {
    expect(2 * mostDisjoint(cycles(n))).toBe(volta.mesh!.ringsByRanks[n - 2])
  })

  test('five devices have no ring of their own', () => expect(cycles(5)).toEqual([]))
})
