import type { RunCluster } from '../../hardware/index.js'

/** What one step costs, at a price that somebody published on a day. */
export interface StepPrice {
  readonly perStep: number
  readonly currency: string
  readonly asOf: string
  readonly source: string
}

/** All devices for the length of a step, at the cluster's price or its device's; nothing where neither has one. */
export function stepPrice({ price, sheet, devices }: RunCluster, stepSeconds: number): StepPrice | undefined {
  const stated = price ?? sheet.price
  if (!stated) return undefined
  const { perDeviceHour, currency, asOf, source } = stated
  return { perStep: (perDeviceHour * devices * stepSeconds) / 3600, currency, asOf, source }
}
