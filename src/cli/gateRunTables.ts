import { resolve } from 'node:path'
import { fail } from '../errors/index.js'
import { readCluster } from '../formats/cluster.js'
import { readHuggingFace } from '../formats/huggingface.js'
import { parseJson } from '../formats/json.js'
import { readModel } from '../formats/model.js'
import { resolveClusterName, runClusterOf } from '../hardware/index.js'
import type { RunTables } from '../verbs/simulateRun.js'
import { hardware, type Side } from './gateSide.js'
import { shippedModel } from './models.js'
import { runTables } from './runTables.js'

/** The tables of training runs, with models, clusters and programs read from the side's files; cost data are those of the program, or of --calibration, for both sides. */
export function gateRunTables({ tree, folder, calibration }: Side): RunTables {
  const tables = sharedTables(calibration)
  const { catalogue, presets } = hardware()
  const text = (reference: string, where: string): string => {
    const path = resolve(folder, reference)
    const bytes = tree.read(path) ?? fail('E101', `there is no file ${tree.nameOf(path)}`, { where })
    return new TextDecoder().decode(bytes)
  }
  const json = (reference: string, where: string) =>
    parseJson(text(reference, where), tree.nameOf(resolve(folder, reference)))
  return {
    ...tables,
    references: {
      ...tables.references,
      text,
      model(reference, where) {
        if (typeof reference !== 'string') return tables.references.model(reference, where)
        if (shippedModel(reference) && !tree.has(resolve(folder, reference)))
          return tables.references.model(reference, where)
        const value = json(reference, where)
        const isConfig = typeof value === 'object' && value !== null && ('model_type' in value || !('layers' in value))
        const name = reference
          .split(/[\\/]/)
          .pop()!
          .replace(/\.json$/, '')
        return isConfig ? readHuggingFace(value, where, name) : readModel(value, where)
      },
      cluster(reference, where) {
        if (typeof reference !== 'string') return tables.references.cluster(reference, where)
        const isFile = /[/\\]|\.json$/i.test(reference) || tree.has(resolve(folder, reference))
        const cluster = isFile
          ? readCluster(json(reference, where), catalogue, reference)
          : resolveClusterName(reference, catalogue, presets)
        return runClusterOf(cluster, catalogue, where)
      },
    },
  }
}

const read = new Map<string | undefined, RunTables>()

function sharedTables(calibration: string | undefined): RunTables {
  const tables = read.get(calibration) ?? runTables(calibration)
  read.set(calibration, tables)
  return tables
}
