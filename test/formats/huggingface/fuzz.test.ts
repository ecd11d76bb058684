import { expect, test } from 'vitest'
import { UserError } from '../../../src/errors/index.js'
import { bytesSource } from '../../../src/formats/source.js'
import { loadGraph } from '../../../src/verbs/loadGraph.js'
import { oracle } from './oracle.js'

/** A small deterministic generator (Numerical Recipes' LCG). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const odd = [
  null,
  true,
  false,
  '',
  'x',
  -1,
  0,
  0.5,
  1,
  3,
  7,
  1e6,
  1e9,
  2 ** 53,
  1e300,
  -1e300,
  [],
  [0],
  {},
  [[]],
  ['x'],
]

test('2,000 broken configurations end in a graph or a user error, quickly', () => {
  const next = random(20260101)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]
  const seeds = oracle.filter(({ name }) => name.startsWith('odd-')).map(({ config }) => config)
  const keys = [...new Set(seeds.flatMap((config) => Object.keys(config)))]
  const bind = new Map([['seq', 8]])
  const codes = new Map<string, number>()
  const started = process.cpuUsage()
  for (let i = 0; i < 2000; i++) {
    const config: Record<string, unknown> = { ...pick(seeds) }
    for (let changes = 1 + Math.floor(next() * 3); changes > 0; changes--) {
      const key = next() < 0.8 ? pick(Object.keys(config)) : pick(keys)
      if (next() < 0.2) delete config[key]
      else config[key] = next() < 0.5 ? pick(odd) : pick(seeds)[key]
    }
    let bytes = new TextEncoder().encode(JSON.stringify(config))
    if (next() < 0.1) bytes = bytes.slice(0, Math.floor(next() * bytes.length))
    if (next() < 0.1) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
    let code = 'read'
    try {
      loadGraph(bytesSource('config.json', bytes), bind)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      code = error.code
    }
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  expect([...codes.keys()]).toEqual(expect.arrayContaining(['read', 'E104', 'E105', 'E204']))
  expect(codes.get('read')).toBeGreaterThan(200)
  const { user, system } = process.cpuUsage(started)
  expect((user + system) / 1e6).toBeLessThan(20)
})
