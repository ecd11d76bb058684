import { readJson } from '../formats/json.js'
import { readPiper } from '../formats/piper.js'
import type { Source } from '../formats/source.js'
import type { Layer, LayerAlternatives } from '../model/index.js'

/** The answer of `stowage inspect` on a model of layers with alternatives. */
export interface LayerInspection extends Omit<LayerAlternatives, 'layers' | 'edges'> {
  readonly kind: 'stowage.inspect'
  readonly schemaVersion: '1.0'
  readonly format: 'piper'
  readonly layers: readonly Layer[]
  readonly edges: number
  /** The whole model, every layer run in the same way: one entry for each way that all layers offer. */
  readonly totals: readonly LayerTotals[]
}

export interface LayerTotals {
  readonly choice: string
  readonly tensorParallelDegree: number
  readonly secondsPerMicrobatch: number
  readonly parameterBytes: number
  readonly bytesPerMicrobatch: number
  readonly fixedBytes: number
}

export function inspectLayers(source: Source): LayerInspection {
  const name = source.name
    .split(/[\\/]/)
    .pop()!
    .replace(/\.json$/, '')
  const { layers, edges, ...model } = readPiper(readJson(source), name, source.name)
  return {
    kind: 'stowage.inspect',
    schemaVersion: '1.0',
    format: 'piper',
    ...model,
    layers,
    edges: edges.length,
    totals: totalsOf(layers),
  }
}

function totalsOf(layers: readonly Layer[]): LayerTotals[] {
  const totals = new Map<string, { layers: number; total: LayerTotals }>()
  for (const { choices } of layers) {
    for (const { name, tensorParallelDegree, ...figures } of choices) {
      const key = JSON.stringify([tensorParallelDegree, name])
      const { layers: count, total } = totals.get(key) ?? { layers: 0, total: undefined }
      totals.set(key, {
        layers: count + 1,
        total: {
          choice: name,
          tensorParallelDegree,
          secondsPerMicrobatch: (total?.secondsPerMicrobatch ?? 0) + figures.secondsPerMicrobatch,
          parameterBytes: (total?.parameterBytes ?? 0) + figures.parameterBytes,
          bytesPerMicrobatch: (total?.bytesPerMicrobatch ?? 0) + figures.bytesPerMicrobatch,
          fixedBytes: (total?.fixedBytes ?? 0) + figures.fixedBytes,
        },
      })
    }
  }
  return [...totals.values()].filter((each) => each.layers === layers.length).map((each) => each.total)
}
