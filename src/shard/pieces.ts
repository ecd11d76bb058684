import { gcd } from './integers.js'
import type { Kind } from './types.js'

/** A divisor of the blocks of some tensors, of which every device therefore holds a multiple, and the other tensors. */
export interface Pieces {
  readonly elements: number
  /** Elements that are held in such multiples. */
  readonly held: number
  /** Tensors, or short last blocks of some, that are not. */
  readonly others: readonly { readonly elements: number; readonly count: number }[]
}

/** Every divisor that some of the tensors share as their greatest, up to a number of them. */
export function piecesOf(kinds: readonly Kind[]): readonly Pieces[] {
  return [...divisors(kinds)].map((elements) => {
    const rests = kinds.map((kind) => ({ elements: outsideOf(kind, elements), count: kind.count }))
    return {
      elements,
      held: kinds.reduce((sum, kind, i) => sum + (kind.elements - rests[i].elements) * kind.count, 0),
      others: rests.filter((rest) => rest.elements > 0),
    }
  })
}

/**
 * Whether a shard has room for the tensors that are not held in pieces. A device has S mod piece elements that pieces never use, and more only where
 * whole pieces are free; a tensor lies on few devices (two, if shorter than a shard), so it can use that room on no more.
 * `shortest` is the size by which devices are counted: with one for a whole range, room only grows within it.
 */
export function leavesRoom(
  { elements, held, others }: Pieces,
  devices: number,
  shard: number,
  shortest: number,
): boolean {
  const spare = shard % elements
  const free = devices * (shard - spare) - held
  let [needed, usable] = [0, 0]
  for (const other of others) {
    needed += other.count * other.elements
    usable += other.count * Math.min(other.elements, (Math.ceil((other.elements - 1) / shortest) + 1) * spare)
  }
  return free >= 0 && needed <= free + Math.min(usable, devices * spare)
}

function outsideOf({ elements, granularity }: Kind, piece: number): number {
  if (granularity % piece !== 0) return elements
  return elements % piece === 0 ? 0 : elements % granularity
}

function divisors(kinds: readonly Kind[]): ReadonlySet<number> {
  const sizes = new Set<number>()
  for (const { elements, granularity } of kinds) {
    if (granularity === 1) continue
    for (const size of [granularity, gcd(elements, granularity)]) {
      if (sizes.has(size) || sizes.size >= mostDivisors) continue
      const known = [...sizes]
      sizes.add(size)
      for (const other of known) if (sizes.size < mostDivisors) sizes.add(gcd(size, other))
    }
  }
  return sizes
}
const mostDivisors = 128
