import type { z } from 'zod'
import { fail, Problems } from '../errors/index.js'
import { readCalibration } from '../formats/calibration.js'
import { clusterWarnings, readCluster } from '../formats/cluster.js'
import { readConfig } from '../formats/config.js'
import { type FormatName, formatOf } from '../formats/detect.js'
import { errorSchema } from '../formats/error.js'
import { graphReaders } from '../formats/graphReaders.js'
import { readJson, readSmallJson, readText } from '../formats/json.js'
import { readJsonc } from '../formats/jsonc.js'
import { readKineto } from '../formats/kineto/index.js'
import { parseWith } from '../formats/parseWith.js'
import { readPiper } from '../formats/piper.js'
import { readPlacementMap } from '../formats/placementMap.js'
import { readAnyPlan } from '../formats/plan.js'
import { readProfileCsv } from '../formats/profileCsv.js'
import { runSchema } from '../formats/runSchema.js'
import { runWarnings } from '../formats/runWarnings.js'
import { parseInto } from '../formats/schemaProblems.js'
import { schemas } from '../formats/schemas.js'
import type { Source } from '../formats/source.js'
import type { DeviceCatalogue } from '../hardware/index.js'
import { isRunPlan } from '../plan/index.js'
import { loadGraph } from './loadGraph.js'

/** The answer of `stowage validate FILE`; a file that is not valid is a UserError with all its problems. */
export interface FileValidation {
  readonly kind: 'stowage.validation'
  readonly schemaVersion: '1.0'
  readonly file: string
  readonly format: FormatName
  readonly valid: true
  /** The size of its content, as far as that says something: "12 ops". */
  readonly holds?: string
  readonly warnings: readonly string[]
}

export interface ValidationContext {
  /** Sizes of symbolic dimensions. */
  readonly bind: ReadonlyMap<string, number>
  readonly catalogue: DeviceCatalogue
  /** Name of the file's format, where its content does not tell. */
  readonly formatIn?: string
}

type Reader = (source: Source, context: ValidationContext) => Pick<FileValidation, 'holds' | 'warnings'>

/** What it takes to call a file of a format valid: the reader that the other verbs use. */
const readers: Readonly<Partial<Record<FormatName, Reader>>> = {
  ...Object.fromEntries(Object.keys(graphReaders).map((format) => [format, readGraph])),
  piper: (source) => {
    const { layers } = readPiper(readJson(source), source.name, source.name)
    return { holds: count(layers.length, 'layer'), warnings: [] }
  },
  kineto: (source) => ({ holds: count(readKineto(source).eventCount, 'timed event'), warnings: [] }),
  'profile-csv': (source) => {
    const rows = readProfileCsv(readText(source), source.name)
    return { holds: count(rows.length, 'measured op'), warnings: [] }
  },
  'stowage.cluster': (source, { catalogue }) => {
    const value = readSmallJson(source)
    const { devices } = readCluster(value, catalogue, source.name)
    return { holds: count(devices.length, 'device'), warnings: clusterWarnings(value, source.name) }
  },
  'stowage.plan': (source) => {
    const plan = readAnyPlan(readJson(source), source.name)
    if (isRunPlan(plan)) return { warnings: [] }
    const { placement = {} } = plan.decisions
    return { holds: count(Object.keys(placement).length, 'placed op'), warnings: [] }
  },
  'placement-map': (source) => {
    const map = readPlacementMap(readJson(source), source.name)
    return { holds: count(map.size, 'placed op'), warnings: [] }
  },
  'stowage.run': (source) => {
    const value = readJson(source)
    return { warnings: runWarnings(value, parseWith(runSchema, value, source.name), source.name) }
  },
  'stowage.calibration': (source) => ({
    holds: count(readCalibration(readJson(source), source.name).length, 'calibrated stack'),
    warnings: [],
  }),
  'stowage.prediction': (source) => bySchema(schemas['stowage.prediction'], source),
  'stowage.diff': (source) => bySchema(schemas['stowage.diff'], source),
  'stowage.config': (source) => ({
    holds: count(readConfig(readJsonc(source), source.name).plans.length, 'plan'),
    warnings: [],
  }),
  'stowage.gate': (source) => bySchema(schemas['stowage.gate'], source),
  'stowage.error': (source) => bySchema(errorSchema, source),
}

/** Detects what the file is and reads it as every other verb would. */
export function validateFile(source: Source, context: ValidationContext): FileValidation {
  const format = formatOf(source, context.formatIn)
  const read = readers[format]
  if (!read) {
    fail('E102', `${source.name} is a ${format}, which this version does not read`, {
      where: source.name,
      expected: Object.keys(readers).join(', '),
    })
  }
  return {
    kind: 'stowage.validation',
    schemaVersion: '1.0',
    file: source.name,
    format,
    valid: true,
    ...read(source, context),
  }
}

function readGraph(source: Source, { bind, formatIn }: ValidationContext) {
  const { graph, warnings } = loadGraph(source, bind, { formatIn })
  return { holds: count(graph.ops.length, 'op'), warnings }
}

function bySchema(schema: z.ZodType, source: Source) {
  const problems = new Problems()
  parseInto(schema, readJson(source), source.name, problems)
  problems.throwIfAny()
  return { warnings: [] }
}

function count(items: number, name: string): string {
  return `${items} ${name}${items === 1 ? '' : 's'}`
}
