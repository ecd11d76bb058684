import type { Cluster } from '../hardware/index.js'

/** Bytes each device may hold: its memory or the smaller limit asked for, less the reserve. */
export function memoryLimits(
  cluster: Cluster,
  limits: { readonly memoryLimitBytes?: number; readonly reserveBytes: number },
): Float64Array {
  const most = limits.memoryLimitBytes ?? Number.POSITIVE_INFINITY
  return Float64Array.from(cluster.devices, (device) =>
    Math.max(0, Math.min(device.memoryBytes, most) - limits.reserveBytes),
  )
}
