import { fail } from '../errors/index.js'
import { detectFormat } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import { readOnnx } from '../formats/onnx/index.js'
import { readOpGraph } from '../formats/opGraph.js'
import type { Source } from '../formats/source.js'
import { buildGraph, foldFreeOps, type GraphDescription, type OpGraph } from '../graph/index.js'

export interface LoadedGraph {
  readonly graph: OpGraph
  /** Without folders: plans never hold a path. */
  readonly fileName: string
  readonly format: string
  /** Elements of weights, counted once each (FORMATS). */
  readonly parameterElements: number
  readonly warnings: readonly string[]
}

/** A model file of any known format as the graph that is placed: read, free ops folded, checked, numbered. */
export function loadGraph(source: Source, bind: ReadonlyMap<string, number>): LoadedGraph {
  const format = detectFormat(source)
  const fileName = source.name.split(/[\\/]/).pop()!
  const { description, warnings } = readDescription(source, fileName, format, bind)
  return {
    graph: buildGraph(foldFreeOps(description), source.name),
    fileName,
    format,
    parameterElements: (description.parameters ?? []).reduce(
      (sum, each) => sum + each.shape.reduce((n, dim) => n * dim, 1),
      0,
    ),
    warnings,
  }
}

function readDescription(
  source: Source,
  fileName: string,
  format: string,
  bind: ReadonlyMap<string, number>,
): { description: GraphDescription; warnings: readonly string[] } {
  if (format === 'onnx') return readOnnx(source, { name: fileName.replace(/\.onnx$/, ''), bind })
  if (format === 'stowage.graph')
    return { description: readOpGraph(readJson(source), source.name), warnings: bindWarnings(bind) }
  return fail('E102', `${source.name} is a ${format}, not an operator graph`, {
    where: source.name,
    expected: 'an ONNX file or a stowage.graph',
    found: format,
  })
}

function bindWarnings(bind: ReadonlyMap<string, number>): string[] {
  return [...bind.keys()].map((name) => `--bind ${name}: the graph has no symbolic dimensions`)
}
