import type { OpDescription } from '../graph/index.js'
import type { DeviceKind, Dtype } from '../hardware/index.js'

/** Where an op's time came from. */
export type CostSource = 'profile' | 'model' | 'launch-only' | 'none'

export interface OpCost {
  /** NaN when the op cannot run or be costed on this kind. */
  readonly seconds: number
  readonly source: CostSource
  /** The arithmetic type whose peak was used, where the data sheet lacks the op's own. */
  readonly substitutedDtype?: Dtype
}

/**
 * Seconds of one op on one device kind. A measured time in the graph wins; otherwise
 * launch floor + max(FLOPs / (peak x efficiency), bytes / (bandwidth x efficiency)), the roofline with a floor
 * (Williams et al., CACM 2009; the floor is the kernel launch of the data sheet).
 * `sheet` is absent for the kind `generic`, which runs on measured seconds only.
 */
export function opSeconds(op: OpDescription, kindName: string, sheet: DeviceKind | undefined): OpCost {
  if (op.deviceKinds && !op.deviceKinds.includes(kindName)) return { seconds: Number.NaN, source: 'none' }
  const measured = typeof op.seconds === 'object' ? ownValue(op.seconds, kindName) : op.seconds
  if (measured !== undefined) return { seconds: measured, source: 'profile' }
  const isDescribed = op.flops !== undefined || op.bytesAccessed !== undefined
  // A profile that names other kinds only, and no amount of work to model from: the op was never seen here.
  if (!sheet || (op.seconds !== undefined && !isDescribed)) return { seconds: Number.NaN, source: 'none' }
  if (!isDescribed) return { seconds: sheet.launchSeconds, source: 'launch-only' }

  const dtype = peakDtype(op.dtype, sheet)
  const matrixFlops = op.matrixFlops ?? 0
  const vectorFlops = Math.max(0, (op.flops ?? 0) - matrixFlops)
  const matrixSeconds = matrixFlops > 0 ? matrixFlops / (sheet.flopsPerSecond[dtype]! * sheet.matrixEfficiency) : 0
  const vectorSeconds = vectorFlops > 0 ? vectorFlops / sheet.flopsPerSecond[peakDtype('fp32', sheet)]! : 0
  const memorySeconds = (op.bytesAccessed ?? 0) / (sheet.memoryBytesPerSecond * sheet.memoryEfficiency)
  return {
    seconds: sheet.launchSeconds + Math.max(matrixSeconds + vectorSeconds, memorySeconds),
    source: 'model',
    ...(matrixFlops > 0 && dtype !== (op.dtype ?? 'fp32') ? { substitutedDtype: dtype } : {}),
  }
}

/** The types tried in turn when a sheet has no peak for the wanted one: what the arithmetic would really run in, never a faster one. */
const widerTypes: Readonly<Record<string, readonly Dtype[]>> = {
  fp4: ['fp4', 'fp8', 'bf16', 'fp16', 'fp32'],
  fp8: ['fp8', 'bf16', 'fp16', 'fp32'],
  int8: ['int8', 'bf16', 'fp16', 'fp32'],
  bf16: ['bf16', 'fp32', 'fp16'],
  fp16: ['fp16', 'bf16', 'fp32'],
  tf32: ['tf32', 'fp32', 'fp16', 'bf16'],
  fp32: ['fp32', 'tf32', 'fp16', 'bf16'],
  fp64: ['fp64', 'fp32', 'fp16', 'bf16'],
}

function peakDtype(wanted: string | undefined, sheet: DeviceKind): Dtype {
  const order = ownValue(widerTypes, wanted ?? 'fp32') ?? widerTypes.fp32
  const known = order.find((dtype) => sheet.flopsPerSecond[dtype] !== undefined)
  return known ?? (Object.keys(sheet.flopsPerSecond)[0] as Dtype)
}

/** Keys come from files: one called "constructor" must not find what every object inherits. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
