import type { GraphWriterName } from '../formats/graphWriters.js'
import { exportGraph } from '../verbs/exportGraph.js'
import type { LoadedGraph } from '../verbs/loadGraph.js'
import { atomicWrite } from './atomicWrite.js'

/** A graph in another format, to the file alone where there is one, else to stdout; returns what to say of the file. */
export function writeGraph(model: LoadedGraph, format: GraphWriterName, file?: string): string | undefined {
  const text = `${JSON.stringify(exportGraph(model, format))}\n`
  if (file === undefined || file === '-') {
    process.stdout.write(text)
    return undefined
  }
  atomicWrite(file, text)
  return `Wrote ${file}: ${format} of ${model.graph.ops.length} ops`
}
