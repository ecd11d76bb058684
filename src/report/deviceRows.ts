import type { PlacementView } from './placementText.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** Above this many devices only the busiest are listed. */
const mostRows = 16
const barWidth = 12

/** One row a device: what it runs, how busy it is, what it holds at most. */
export function deviceRows(view: PlacementView, style: Style): string {
  const { prediction, cluster, memoryLimits, deviceOf } = view
  const ops = new Array<number>(cluster.devices.length).fill(0)
  for (const device of Array.from(deviceOf)) ops[device]++
  const shown = cluster.devices.map((_, d) => d)
  if (shown.length > mostRows) {
    shown.sort((a, b) => prediction.computeSeconds[b] - prediction.computeSeconds[a] || a - b)
    shown.splice(mostRows)
    shown.sort((a, b) => a - b)
  }
  const rows = shown.map((d) => {
    const busy = prediction.stepSeconds > 0 ? prediction.computeSeconds[d] / prediction.stepSeconds : 0
    const full = memoryLimits[d] > 0 ? prediction.peakBytes[d] / memoryLimits[d] : 0
    return [
      String(d),
      cluster.devices[d].kind,
      String(ops[d]),
      formatSeconds(prediction.computeSeconds[d]),
      formatPercent(1 - busy),
      formatBytes(prediction.peakBytes[d]),
      '█'.repeat(Math.min(barWidth, Math.ceil(full * barWidth))),
    ]
  })
  const right = 'right' as const
  const columns = [
    { title: 'device', align: right },
    { title: 'kind' },
    { title: 'ops', align: right },
    { title: 'compute', align: right },
    { title: 'idle', align: right },
    { title: 'peak mem', align: right },
    { title: 'of limit' },
  ]
  const rest = cluster.devices.length - shown.length
  return `${table(columns, rows, style)}${rest > 0 ? `... and ${rest} less busy devices: --json lists all\n` : ''}`
}
