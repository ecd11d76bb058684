import type { DeviceKind } from '../../hardware/index.js'
import { type Coefficients, priorCoefficients } from './coefficients.js'
import { type MemoryCoefficients, priorMemory } from './memoryCoefficients.js'
import { type Difficulty, type SpreadWeights, spreadOf } from './spread.js'
import type { StackMatch } from './stackHabits.js'

/** What was fitted on measured runs of one stack and some devices alike. */
export interface CalibrationEntry {
  /** A stack's name, a family's, or `generic`. */
  readonly stack: string
  /** Canonical device names; empty: any. */
  readonly devices: readonly string[]
  /** Those that the measurements moved; the others keep their priors. */
  readonly coefficients: Partial<Coefficients>
  readonly memory?: Partial<MemoryCoefficients>
  /** measured / predicted of nine runs in ten that were not fitted, for a run whose spread is 1. */
  readonly interval: readonly [low: number, high: number]
  /** The same of runs with a pipeline, where they differ. */
  readonly pipelinedInterval?: readonly [low: number, high: number]
  /** Makes intervals of easy runs narrow and of hard ones wide; without, all have a spread of 1. */
  readonly spread?: SpreadWeights
}

export interface Calibration {
  readonly coefficients: Coefficients
  readonly memory: MemoryCoefficients
  readonly interval: readonly [low: number, high: number]
  readonly pipelinedInterval: readonly [low: number, high: number]
  readonly spread?: SpreadWeights
  /** "nanotron on H100-SXM5-80GB", or which stand-in was taken. */
  readonly name: string
  /** Was this very stack measured on this very device? */
  readonly isExact: boolean
}

/** Device data by canonical name, for the nearest device that was measured. */
export type DeviceRates = (name: string) => DeviceKind | undefined

/** measured / predicted where nothing alike was measured: from the worst to the best of the stacks left out of a joint fit (docs/accuracy.md). */
const unmeasured: readonly [number, number] = [0.6, 1.43]

/** The closest calibration there is: this stack on this device, on the nearest device, this family's, or the generic one. */
export function resolveCalibration(
  entries: readonly CalibrationEntry[],
  stack: StackMatch,
  device: DeviceKind,
  ratesOf: DeviceRates,
): Calibration {
  const { habits, by } = stack
  const names = by === 'stack' ? [habits.name, habits.family, 'generic'] : [habits.family, 'generic']
  for (const name of names) {
    const entry = nearest(
      entries.filter((each) => each.stack === name),
      device,
      ratesOf,
    )
    if (entry) return calibrationOf(entry, by === 'stack' && name === habits.name, device)
  }
  return {
    coefficients: priorCoefficients,
    memory: priorMemory,
    interval: unmeasured,
    pipelinedInterval: unmeasured,
    name: 'priors',
    isExact: false,
  }
}

function calibrationOf(entry: CalibrationEntry, isStack: boolean, device: DeviceKind): Calibration {
  const isExact = isStack && entry.devices.includes(device.name)
  const widened = ([low, high]: readonly [number, number]): readonly [number, number] =>
    isExact ? [low, high] : [Math.min(low, unmeasured[0]), Math.max(high, unmeasured[1])]
  return {
    coefficients: { ...priorCoefficients, ...entry.coefficients },
    memory: { ...priorMemory, ...entry.memory },
    interval: widened(entry.interval),
    pipelinedInterval: widened(entry.pipelinedInterval ?? entry.interval),
    ...(entry.spread && { spread: entry.spread }),
    name: entry.devices.length ? `${entry.stack} on ${entry.devices.join(', ')}` : entry.stack,
    isExact,
  }
}

/** The narrowest and the widest an interval gets, next to that of a typical run: nobody measured runs beyond. */
const spreads = { least: 0.3, most: 4 }

/** measured / predicted of nine runs in ten that are as hard to predict; a stand-in promises no less than its whole interval. */
export function runInterval(
  { interval, pipelinedInterval, spread, isExact }: Calibration,
  difficulty: Difficulty,
  isPipelined: boolean,
): readonly [low: number, high: number] {
  const [low, high] = isPipelined ? pipelinedInterval : interval
  if (!spread) return [low, high]
  const width = Math.min(spreads.most, Math.max(isExact ? spreads.least : 1, spreadOf(spread, difficulty)))
  return [low ** width, high ** width]
}

/** By arithmetic and memory rates, on a logarithmic scale: what coefficients depend on. */
function nearest(
  entries: readonly CalibrationEntry[],
  device: DeviceKind,
  ratesOf: DeviceRates,
): CalibrationEntry | undefined {
  let best: CalibrationEntry | undefined
  let least = Number.POSITIVE_INFINITY
  for (const entry of entries) {
    const distance = entry.devices.length
      ? Math.min(...entry.devices.map((name) => (name === device.name ? 0 : 1e-6 + apart(device, ratesOf(name)))))
      : 100
    if (distance < least) {
      least = distance
      best = entry
    }
  }
  return best
}

function apart(a: DeviceKind, b: DeviceKind | undefined): number {
  if (!b) return 99
  const peak = (kind: DeviceKind) =>
    kind.flopsPerSecond.bf16 ?? kind.flopsPerSecond.fp16 ?? kind.flopsPerSecond.fp32 ?? 1
  return Math.abs(Math.log(peak(a) / peak(b))) + Math.abs(Math.log(a.memoryBytesPerSecond / b.memoryBytesPerSecond))
}
