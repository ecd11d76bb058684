import type { OpContext } from '../context.js'

/** The values of an input that is a small constant. */
export function known(c: OpContext, i: number): readonly number[] | undefined {
  return c.tensor(i).isConstant ? c.values(i) : undefined
}

/** Small constant vectors joined end to end; undefined when one is unknown. */
export function concatValues(c: OpContext): readonly number[] | undefined {
  const joined: number[] = []
  for (let i = 0; i < c.inputs.length; i++) {
    const values = known(c, i)
    if (!values) return undefined
    for (const value of values) joined.push(value)
  }
  return joined
}

export function sliceValues(c: OpContext, start: number, step: number, count: number): readonly number[] | undefined {
  const values = known(c, 0)
  return values && Array.from({ length: count }, (_, i) => values[start + i * step]!)
}
