import type { Style } from './style.js'
import { table } from './table.js'
import { formatBytes, formatSeconds } from './units.js'

/** What inspectLayers tells, as far as the text shows it. */
export interface LayersView {
  readonly name: string
  readonly format: string
  readonly layers: readonly { readonly choices: readonly unknown[] }[]
  readonly edges: number
  readonly deviceCount: number
  readonly deviceMemoryBytes: number
  readonly bytesPerSecond: number
  readonly microbatchesPerBatch: number
  readonly totals: readonly {
    readonly choice: string
    readonly tensorParallelDegree: number
    readonly secondsPerMicrobatch: number
    readonly parameterBytes: number
    readonly bytesPerMicrobatch: number
    readonly fixedBytes: number
  }[]
}

/** A model of layers with alternatives at a glance: its size, the devices of the file, and what each way of running it adds up to. */
export function layersText(view: LayersView, style: Style): string {
  const choices = view.layers.reduce((sum, layer) => sum + layer.choices.length, 0)
  const lines = [
    `${style.strong(view.name)} · ${view.format}`,
    `  layers      ${view.layers.length} with ${choices} ways to run them · ${view.edges} edges`,
    `  devices     ${view.deviceCount} of ${formatBytes(view.deviceMemoryBytes)} · ${formatBytes(view.bytesPerSecond)}/s between them`,
    `  batch       ${view.microbatchesPerBatch} microbatches`,
  ]
  const rows = view.totals.map((total) => [
    total.choice,
    String(total.tensorParallelDegree),
    formatSeconds(total.secondsPerMicrobatch),
    formatBytes(total.parameterBytes),
    `${formatBytes(total.bytesPerMicrobatch)} a microbatch + ${formatBytes(total.fixedBytes)}`,
  ])
  const columns = [
    { title: 'all layers' },
    { title: 'tensor parallel', align: 'right' as const },
    { title: 'a microbatch', align: 'right' as const },
    { title: 'parameters', align: 'right' as const },
    { title: 'memory of a device' },
  ]
  if (rows.length > 0) lines.push('', table(columns, rows, style).trimEnd())
  return `${lines.join('\n')}\n`
}
