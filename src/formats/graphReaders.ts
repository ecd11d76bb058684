import type { GraphDescription } from '../graph/index.js'
import type { ClusterDescription } from '../hardware/index.js'
import type { FormatName } from './detect.js'
import { readDnnPartitioning } from './dnnPartitioning.js'
import { readGraphlib } from './graphlib.js'
import { readHuggingFace } from './huggingface.js'
import { readJson, readSmallJson, readText } from './json.js'
import { readModel } from './model.js'
import { readModelGraph } from './modelGraph.js'
import { readOnnx } from './onnx/index.js'
import { opGraphWarnings, readOpGraph } from './opGraph.js'
import { readPipedream } from './pipedream.js'
import type { Source } from './source.js'
import { readTorchExport } from './torchExport/index.js'

/** What a graph file says. */
export interface GraphReading {
  readonly description: GraphDescription
  readonly warnings: readonly string[]
  /** The devices that the file itself names, if it does. */
  readonly cluster?: ClusterDescription
}

export interface GraphReaderOptions {
  /** Used where the file has no name of its own. */
  readonly name: string
  /** Sizes of symbolic dimensions. */
  readonly bind: ReadonlyMap<string, number>
}

type GraphReader = (source: Source, options: GraphReaderOptions) => GraphReading

/** Every format that holds an operator graph. A new one is one line here and one in detect.ts. */
export const graphReaders: Readonly<Partial<Record<FormatName, GraphReader>>> = {
  onnx: readOnnx,
  'stowage.graph': (source, { bind }) => {
    const value = readJson(source)
    const description = readOpGraph(value, source.name)
    return { description, warnings: [...unbindable(bind), ...opGraphWarnings(value, source.name)] }
  },
  'stowage.model': (source, { bind }) => readModelGraph(readModel(readSmallJson(source), source.name), bind),
  huggingface: (source, { name, bind }) =>
    readModelGraph(readHuggingFace(readSmallJson(source), source.name, name), bind),
  'torch-export': (source, options) => readTorchExport(readJson(source), source.name, options),
  'dnn-partitioning': (source, { name, bind }) => {
    const reading = readDnnPartitioning(readJson(source), name, source.name)
    return { ...reading, warnings: [...unbindable(bind), ...reading.warnings] }
  },
  pipedream: (source, { name, bind }) => ({
    description: readPipedream(readText(source), name, source.name),
    warnings: unbindable(bind),
  }),
  graphlib: (source, { name, bind }) => ({
    description: readGraphlib(readJson(source), name, source.name),
    warnings: unbindable(bind),
  }),
}

function unbindable(bind: ReadonlyMap<string, number>): string[] {
  return [...bind.keys()].map((name) => `--bind ${name}: the graph has no symbolic dimensions`)
}
