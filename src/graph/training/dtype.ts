import type { OutputDescription } from '../description.js'

/** Integers and booleans have no gradient; an unnamed type is taken for a float. */
export function isDifferentiable(dtype: string | undefined): boolean {
  return dtype === undefined || !/^(torch\.)?(u?int|bool|string|long|short|byte|char|q)/i.test(dtype)
}

/** From the bits in the name: fp32, bfloat16, fp8e4m3fn; four bytes where it names none. */
export function bytesOfElement(dtype: string | undefined): number {
  const bits = /\d+/.exec(dtype ?? '')
  return bits ? Number(bits[0]) / 8 : 4
}

export function elementsOf({ shape, bytes, dtype }: OutputDescription): number {
  return shape ? shape.reduce((product, size) => product * size, 1) : bytes / bytesOfElement(dtype)
}
