import { readFileSync } from 'node:fs'
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
import { isClusterName, shippedHardware } from './openCluster.js'

/** Everything that comes with the program and a run may refer to; `calibrationFile` replaces the shipped calibrations where it has better ones. */
export function runTables(calibrationFile?: string): RunTables {
  const { catalogue, presets } = shippedHardware()
  const clusterOf = (reference: string | Readonly<Record<string, unknown>>, where: string): Cluster => {
    if (typeof reference !== 'string') return readCluster(reference, catalogue, where)
    if (isClusterName(reference)) return resolveClusterName(reference, catalogue, presets)
    return readCluster(readJsonFile(reference, where), catalogue, reference)
  }
  const references: RunReferences = {
    catalogue,
    model: (reference, where) =>
      typeof reference === 'string' ? modelFile(reference, where) : readModelValue(reference, where),
    cluster: (reference, where) => runClusterOf(clusterOf(reference, where), catalogue, where),
    text: readTextFile,
  }
  const shipped = shippedModels('calibration').flatMap(({ file, value }) => readCalibration(value, file))
  const own =
    calibrationFile === undefined
      ? []
      : readCalibration(readJsonFile(calibrationFile, '--calibration'), calibrationFile)
  const [stacks] = shippedModels('stacks')
  // One's own come first: of two entries as near, the first is taken.
  return {
    references,
    stacks: withOwnStacks(readStacks(stacks.value, stacks.file), own),
    calibrations: [...own, ...shipped],
    collectives: shippedCollectiveTables(),
  }
}

function modelFile(reference: string, where: string) {
  const shipped = shippedModel(reference)
  return readModelValue(readJsonFile(shipped?.path ?? reference, where), shipped?.file ?? reference)
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
