import { readFileSync, statSync } from 'node:fs'
import { fail } from '../errors/index.js'
import { readCalibration, readStacks } from '../formats/calibration.js'
import { readCluster } from '../formats/cluster.js'
import { readHuggingFace } from '../formats/huggingface.js'
import { parseJson } from '../formats/json.js'
import { readModel } from '../formats/model.js'
import type { RunReferences } from '../formats/run.js'
import { type Cluster, resolveClusterName, runClusterOf } from '../hardware/index.js'
import { withOwnStacks } from '../verbs/ownStacks.js'
import type { RunTables } from '../verbs/simulateRun.js'
import { shippedCollectiveTables } from './collectiveTables.js'
import { shippedModel, shippedModels } from './models.js'
import { shippedHardware } from './openCluster.js'

/** The files that runs name: those on the disk, or of a commit. */
export interface RunFiles {
  has(path: string): boolean
  /** Throws E101 where there is none. */
  text(path: string, where: string): string
}

const onDisk: RunFiles = {
  has: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  text: readTextFile,
}

/** Everything that comes with the program and a run may refer to; `calibrationFile` replaces the shipped calibrations where it has better ones. */
export function runTables(calibrationFile?: string): RunTables {
  const shipped = shippedModels('calibration').flatMap(({ file, value }) => readCalibration(value, file))
  const own =
    calibrationFile === undefined
      ? []
      : readCalibration(readJsonFile(calibrationFile, '--calibration'), calibrationFile)
  const [stacks] = shippedModels('stacks')
  // One's own come first: of two entries as near, the first is taken.
  return {
    references: runReferences(onDisk),
    stacks: withOwnStacks(readStacks(stacks.value, stacks.file), own),
    calibrations: [...own, ...shipped],
    collectives: shippedCollectiveTables(),
  }
}

/** What a run's names refer to: a file that exists wins over what comes with the program. */
export function runReferences(files: RunFiles): RunReferences {
  const { catalogue, presets } = shippedHardware()
  const json = (path: string, where: string) => parseJson(files.text(path, where), path)
  const isPreset = (name: string) => !files.has(name) && !/[/\\]|\.json(\.gz)?$/i.test(name)
  const clusterOf = (reference: string | Readonly<Record<string, unknown>>, where: string): Cluster => {
    if (typeof reference !== 'string') return readCluster(reference, catalogue, where)
    if (isPreset(reference)) return resolveClusterName(reference, catalogue, presets)
    return readCluster(json(reference, where), catalogue, reference)
  }
  return {
    catalogue,
    model(reference, where) {
      if (typeof reference !== 'string') return readModelValue(reference, where)
      const shipped = files.has(reference) ? undefined : shippedModel(reference)
      return shipped
        ? readModelValue(readJsonFile(shipped.path, where), shipped.file)
        : readModelValue(json(reference, where), reference)
    },
    cluster: (reference, where) => runClusterOf(clusterOf(reference, where), catalogue, where),
    text: files.text,
  }
}

function readModelValue(value: unknown, where: string) {
  const isOurs = typeof value === 'object' && value !== null && 'layers' in value && !('model_type' in value)
  const name = where
    .split(/[\\/]/)
    .pop()!
    .replace(/\.json$/, '')
  return isOurs ? readModel(value, where) : readHuggingFace(value, where, name)
}

function readJsonFile(path: string, where: string): unknown {
  return parseJson(readTextFile(path, where), path)
}

function readTextFile(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return fail('E101', `${path} cannot be read`, { where, found: (error as NodeJS.ErrnoException).code })
  }
}
