import type { DeviceKind } from '../../hardware/index.js'
import type { Precision } from '../../model/index.js'
import type { Coefficients } from './coefficients.js'
import type { CostContext } from './context.js'

/** Peak and efficiency of matrix products of a precision on a device. */
export interface MatrixRate {
  /** FLOP/s of an infinitely large product. */
  readonly flopsPerSecond: number
  readonly operandBytes: number
}

/** bits of a precision's matrix operands; wider types stand in where the data sheet has no peak for one. */
const ladder: Readonly<Record<Precision, readonly ('fp4' | 'fp8' | 'bf16' | 'fp16' | 'tf32' | 'fp32')[]>> = {
  nvfp4: ['fp4', 'fp8', 'bf16', 'fp16', 'fp32'],
  mxfp8: ['fp8', 'bf16', 'fp16', 'fp32'],
  fp8: ['fp8', 'bf16', 'fp16', 'fp32'],
  bf16: ['bf16', 'fp16', 'fp32'],
  fp16: ['fp16', 'bf16', 'fp32'],
  tf32: ['tf32', 'fp32', 'bf16'],
  fp32: ['fp32', 'tf32', 'bf16'],
}

const operandBytes = { fp4: 0.5, fp8: 1, bf16: 2, fp16: 2, tf32: 4, fp32: 4 } as const

export function matrixRate(kind: DeviceKind, precision: Precision, c: Coefficients): MatrixRate {
  const type = ladder[precision].find((each) => kind.flopsPerSecond[each] !== undefined) ?? 'fp32'
  const peak = kind.flopsPerSecond[type] ?? Math.max(...Object.values(kind.flopsPerSecond))
  const share = type === 'fp4' ? c.matrixEfficiency4Bit : type === 'fp8' ? c.matrixEfficiency8Bit : c.matrixEfficiency
  return { flopsPerSecond: peak * kind.matrixEfficiency * share, operandBytes: operandBytes[type] }
}

/** The arithmetic type whose peak a precision runs at on this device: it may be a wider one. */
export function substitutedType(kind: DeviceKind, precision: Precision): string | undefined {
  const [wanted] = ladder[precision]
  const type = ladder[precision].find((each) => kind.flopsPerSecond[each] !== undefined)
  return type === wanted ? undefined : type
}

/**
 * Seconds of one product [m, k] x [k, n]: a kernel floor, then the slower of arithmetic and traffic. Arithmetic loses efficiency on narrow products as
 * 1 + loss / dimension, which fits measured products as well as tiles and waves do.
 */
export function matmulSeconds(context: CostContext, rate: MatrixRate, m: number, n: number, k: number): number {
  if (m <= 0 || n <= 0 || k <= 0) return 0
  const c = context.coefficients
  const shapeLoss = (1 + c.widthLossElements / n) * (1 + c.widthLossElements / k) * (1 + c.tokenLossElements / m)
  const arithmetic = ((2 * m * n * k) / rate.flopsPerSecond) * shapeLoss
  const bytes = rate.operandBytes * (m * k + k * n) + 2 * m * n
  return c.kernelSeconds + Math.max(arithmetic, bytes / context.cluster.sheet.kind.memoryBytesPerSecond)
}
