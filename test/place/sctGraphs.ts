import * as fc from 'fast-check'
import type { SctInput } from '../../src/place/sctGraph.js'

export type Edge = readonly [from: number, to: number, seconds: number]

export function sctInput(seconds: readonly number[], edges: readonly Edge[]): SctInput {
  return {
    opCount: seconds.length,
    seconds: Float64Array.from(seconds),
    edgeFrom: Int32Array.from(edges, ([from]) => from),
    edgeTo: Int32Array.from(edges, ([, to]) => to),
    edgeSeconds: Float64Array.from(edges, ([, , value]) => value),
  }
}

/** Random acyclic graphs without parallel edges: an edge leads to a higher index, then the ops are renumbered backwards. */
export const sctInputs = fc.integer({ min: 1, max: 12 }).chain((opCount) =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: opCount, maxLength: opCount }),
      fc.uniqueArray(fc.tuple(fc.nat(opCount - 1), fc.nat(opCount - 1), fc.integer({ min: 0, max: 30 })), {
        selector: ([a, b]) => Math.min(a, b) * opCount + Math.max(a, b),
        maxLength: 3 * opCount,
      }),
    )
    .map(([seconds, pairs]) =>
      sctInput(
        seconds.map((value) => value * 1e-4),
        pairs.filter(([a, b]) => a !== b).map(([a, b, c]) => [Math.max(a, b), Math.min(a, b), c * 1e-4] as const),
      ),
    ),
)

/** Layers of ops that read one to three ops of the layers just before; ops near 0.3 ms, transfers near 0.2 ms times `dear`. */
export function layered(opCount: number, width: number, dear: number): SctInput {
  const random = generator(1)
  const edges: Edge[] = []
  for (let op = width; op < opCount; op++) {
    const parents = new Set<number>()
    for (let k = 1 + Math.floor(random() * 3); k > 0; k--) {
      const layer = Math.max(0, Math.floor(op / width) - (random() < 0.8 ? 1 : 1 + Math.floor(random() * 4)))
      parents.add(layer * width + Math.floor(random() * width))
    }
    for (const parent of parents) edges.push([parent, op, dear * (134e-6 + 70e-6 * spread(random()))])
  }
  return sctInput(
    Array.from({ length: opCount }, () => 3e-4 * spread(random())),
    edges,
  )
}

/** `count` times: a fork into `arms` chains of `length` ops and the join behind them. */
export function chains(count: number, arms: number, length: number): SctInput {
  const random = generator(7)
  const seconds = [1e-4]
  const edges: Edge[] = []
  const follow = (parents: readonly number[]) => {
    for (const parent of parents) edges.push([parent, seconds.length, 1e-4 + 2e-4 * random()])
    seconds.push(1e-4 * spread(random()))
    return seconds.length - 1
  }
  for (let block = 0; block < count; block++) {
    const fork = seconds.length - 1
    follow(
      Array.from({ length: arms }, () => {
        let end = fork
        for (let k = 0; k < length; k++) end = follow([end])
        return end
      }),
    )
  }
  return sctInput(seconds, edges)
}

const spread = (uniform: number) => Math.exp(1.2 * (uniform - 0.5))

/** Lehmer's generator: the graphs are the same on every machine. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
