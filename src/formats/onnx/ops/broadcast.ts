import type { OpContext } from '../context.js'
import { product } from '../tensor.js'
import { mostFollowed, stretch } from './values.js'

/** NumPy broadcasting: aligned at the end, a dimension of 1 stretches. Undefined when the shapes do not go together. */
export function broadcast(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  const shift = long.length - short.length
  let result: number[] | undefined
  for (let i = 0; i < short.length; i++) {
    const x = long[i + shift]!
    const y = short[i]!
    if (x === y || y === 1) continue
    if (x !== 1) return undefined
    result ??= [...long]
    result[i + shift] = y
  }
  return result ?? long
}

/** Broadcasts the shapes of the inputs from `from` on. */
export function broadcastInputs(c: OpContext, from = 0): readonly number[] {
  let shape = c.shape(from)
  for (let i = from + 1; i < c.inputs.length; i++) {
    if (!c.has(i)) continue
    const next = broadcast(shape, c.shape(i))
    if (!next) c.wrong(`[${shape.join(', ')}] and [${c.shape(i).join(', ')}] do not broadcast`)
    shape = next
  }
  return shape
}

/** Applies a function over broadcast small constants; undefined when any is unknown. */
export function mapValues(
  c: OpContext,
  shape: readonly number[],
  apply: (...numbers: number[]) => number,
): readonly number[] | undefined {
  const count = product(shape)
  if (!(count <= mostFollowed) || c.inputs.some((t) => t && !t.isConstant)) return undefined
  const columns: (readonly number[])[] = []
  for (let i = 0; i < c.inputs.length; i++) {
    if (!c.has(i)) continue
    const values = c.values(i)
    if (!values) return undefined
    const column = stretch(values, c.shape(i), shape)
    if (!column) return undefined
    columns.push(column)
  }
  return Array.from({ length: count }, (_, i) => apply(...columns.map((column) => column[i]!)))
}
