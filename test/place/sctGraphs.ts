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
