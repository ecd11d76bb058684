import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { canonicalJson, type Plan, type RunPlan } from '../plan/index.js'
import { atomicWrite } from './atomicWrite.js'
import type { ConfigFile } from './configFile.js'
import { shownPath } from './gateTree.js'

/** Writes plans where the config wants them; returns what to say of each. */
export function writePlans({ config, folder }: ConfigFile, planned: ReadonlyMap<string, Plan | RunPlan>): string[] {
  return config.plans.flatMap(({ name, out }) => {
    const plan = planned.get(name)
    if (out === undefined || !plan) return []
    const path = resolve(folder, out)
    mkdirSync(dirname(path), { recursive: true })
    atomicWrite(path, canonicalJson(plan))
    return [`Wrote ${shownPath(path)} (${name})`]
  })
}
