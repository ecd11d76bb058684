import {
  type CoefficientName,
  type Coefficients,
  coefficientNames,
  coefficientSpecs,
  type MemoryCoefficientName,
  type MemoryCoefficients,
  memoryCoefficientNames,
  memorySpecs,
} from '../cost/training/index.js'
import type { FitParameter } from './fitRobustly.js'

/** The cost coefficients as parameters of a fit, in the order of their names; it starts from `priors` where they are given. */
export function costParameters(priors?: Coefficients): readonly FitParameter[] {
  return coefficientNames.map((name) => {
    const { spread, bounds, prior } = coefficientSpecs[name]
    return { name, spread, bounds, prior: priors?.[name] ?? prior }
  })
}

/** Fitted values by name again. */
export function coefficientsOf(values: readonly number[]): Coefficients {
  return Object.fromEntries(coefficientNames.map((name, i) => [name, values[i]])) as Coefficients
}

/** What a calibration file says of coefficients: those that left their priors, in four digits. */
export function movedCoefficients(coefficients: Coefficients): Partial<Record<CoefficientName, number>> {
  return moved(coefficientNames, coefficients, coefficientSpecs)
}

/** The same of the coefficients of memory. */
export function movedMemory(memory: MemoryCoefficients): Partial<Record<MemoryCoefficientName, number>> {
  return moved(memoryCoefficientNames, memory, memorySpecs)
}

/** A fifth of a percent is no news. */
const leastMove = 0.002

function moved<Name extends string>(
  names: readonly Name[],
  values: Readonly<Record<Name, number>>,
  specs: Readonly<Record<Name, { readonly prior: number }>>,
): Partial<Record<Name, number>> {
  const left = names.filter((name) => Math.abs(Math.log(values[name] / specs[name].prior)) > leastMove)
  return Object.fromEntries(left.map((name) => [name, Number(values[name].toPrecision(4))])) as Partial<
    Record<Name, number>
  >
}
