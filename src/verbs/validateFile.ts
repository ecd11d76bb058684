import { fail } from '../errors/index.js'
import { detectFormat, type FormatName } from '../formats/detect.js'
import { errorSchema } from '../formats/error.js'
import { readJson } from '../formats/json.js'
import { parseWith } from '../formats/parseWith.js'
import { readPlacementMap } from '../formats/placementMap.js'
import { predictionSchema, readPlan } from '../formats/plan.js'
import type { Source } from '../formats/source.js'
import { loadGraph } from './loadGraph.js'

/** The answer of `stowage validate FILE`; a file that is not valid is a UserError with all its problems. */
export interface FileValidation {
  readonly file: string
  readonly format: FormatName
  readonly valid: true
  /** The size of its content, as far as that says something: "12 ops". */
  readonly holds?: string
}

type Reader = (source: Source, bind: ReadonlyMap<string, number>) => string | undefined

/** What it takes to call a file of a format valid: the reader that the other verbs use. */
const readers: Readonly<Partial<Record<FormatName, Reader>>> = {
  onnx: readGraph,
  'stowage.graph': readGraph,
  'stowage.plan': (source) =>
    count(Object.keys(readPlan(readJson(source), source.name).decisions.placement ?? {}).length, 'placed op'),
  'placement-map': (source) => count(readPlacementMap(readJson(source), source.name).size, 'placed op'),
  'stowage.prediction': (source) => void parseWith(predictionSchema, readJson(source), source.name),
  'stowage.error': (source) => void parseWith(errorSchema, readJson(source), source.name),
}

/** Detects what the file is and reads it as every other verb would. */
export function validateFile(source: Source, bind: ReadonlyMap<string, number>): FileValidation {
  const format = detectFormat(source)
  const read = readers[format]
  if (!read) {
    fail('E102', `${source.name} is a ${format}, which this version does not read`, {
      where: source.name,
      expected: Object.keys(readers).join(', '),
    })
  }
  return { file: source.name, format, valid: true, holds: read(source, bind) }
}

function readGraph(source: Source, bind: ReadonlyMap<string, number>): string {
  return count(loadGraph(source, bind).graph.ops.length, 'op')
}

function count(items: number, name: string): string {
  return `${items} ${name}${items === 1 ? '' : 's'}`
}
