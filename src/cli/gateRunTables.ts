import { resolve } from 'node:path'
import { fail } from '../errors/index.js'
import type { RunTables } from '../verbs/simulateRun.js'
import type { Side } from './gateSide.js'
import { runReferences, runTables } from './runTables.js'

/** The tables of training runs, with models, clusters and programs read from the side's files; cost data are those of the program, or of --calibration, for both sides. */
export function gateRunTables({ tree, folder, calibration }: Side): RunTables {
  const at = (reference: string) => resolve(folder, reference)
  const references = runReferences({
    has: (reference) => tree.has(at(reference)),
    text(reference, where) {
      const bytes =
        tree.read(at(reference)) ?? fail('E101', `there is no file ${tree.nameOf(at(reference))}`, { where })
      return new TextDecoder().decode(bytes)
    },
  })
  return { ...sharedTables(calibration), references }
}

const read = new Map<string | undefined, RunTables>()

function sharedTables(calibration: string | undefined): RunTables {
  const tables = read.get(calibration) ?? runTables(calibration)
  read.set(calibration, tables)
  return tables
}
