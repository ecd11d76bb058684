import type { OpContext } from '../context.js'
import { product } from '../tensor.js'

/** Values are followed through ops up to this many numbers; shape arithmetic has a handful. */
export const mostFollowed = 4096

/** The values of an input that is a small constant. */
export function known(c: OpContext, i: number): readonly number[] | undefined {
  return c.tensor(i).isConstant ? c.values(i) : undefined
}

/** Numbers laid out as `dims` with a step for each dimension, row by row: transposes, slices and broadcasts in one. */
export function strided(
  values: readonly number[],
  offset: number,
  dims: readonly number[],
  steps: readonly number[],
): readonly number[] | undefined {
  const count = product(dims)
  if (!(count >= 0 && count <= mostFollowed)) return undefined
  const result = new Array<number>(count)
  const at = new Array<number>(dims.length).fill(0)
  let source = offset
  for (let n = 0; n < count; n++) {
    result[n] = values[source]!
    for (let d = dims.length - 1; d >= 0; d--) {
      source += steps[d]!
      if (++at[d]! < dims[d]!) break
      source -= steps[d]! * dims[d]!
      at[d] = 0
    }
  }
  return result
}

/** The step of each dimension in a dense tensor. */
export function denseSteps(dims: readonly number[]): number[] {
  const steps = new Array<number>(dims.length)
  let step = 1
  for (let d = dims.length - 1; d >= 0; d--) {
    steps[d] = step
    step *= dims[d]!
  }
  return steps
}

/** The values of a tensor of shape `from` laid out as the broadcast shape `to`. */
export function stretch(
  values: readonly number[],
  from: readonly number[],
  to: readonly number[],
): readonly number[] | undefined {
  const shift = to.length - from.length
  const dense = denseSteps(from)
  const steps = to.map((_, d) => (d < shift || from[d - shift] === 1 ? 0 : dense[d - shift]!))
  return strided(values, 0, to, steps)
}

/** Small constants joined along an axis that nothing but ones stand before; undefined when one is unknown. */
export function concatValues(c: OpContext, dims: readonly number[], axis: number): readonly number[] | undefined {
  if (product(dims, 0, axis) !== 1 || !(product(dims) <= mostFollowed)) return undefined
  const joined: number[] = []
  for (let i = 0; i < c.inputs.length; i++) {
    const values = known(c, i)
    if (!values) return undefined
    for (const value of values) joined.push(value)
  }
  return joined
}
