import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { didYouMean, fail } from '../errors/index.js'
import type { PlanEntry } from '../formats/configSchema.js'
import { readJson } from '../formats/json.js'
import { readAnyPlan } from '../formats/plan.js'
import type { GateBase, GateRequest, NamedPlan } from '../verbs/gatePlans.js'
import { type ConfigFile, configOf } from './configFile.js'
import { openEntry } from './gateInputs.js'
import type { Side } from './gateSide.js'
import { shownPath, workingTree } from './gateTree.js'
import { gitTree } from './gitTree.js'
import { openSource } from './source.js'

/** As flags and environment say it; the config comes after them. */
export interface GateSettings {
  readonly base?: string
  readonly placer?: string
  readonly calibration?: string
  readonly write?: boolean
}

/** The plans to gate, all or those named, with their base. */
export async function gateRequest(
  file: ConfigFile,
  names: readonly string[],
  settings: GateSettings,
): Promise<GateRequest> {
  const { config, folder } = file
  const entries = chosen(config.plans, names)
  const head = sideOf(file, settings)
  const base = settings.base ?? config.base
  const notes: string[] = []
  return {
    plans: named(entries, head),
    budgets: config.budgets ?? {},
    isWritten: settings.write ?? false,
    ...(base !== undefined && {
      base: base.startsWith('git:')
        ? await gitBase(base.slice('git:'.length), file, entries, settings, notes)
        : await writtenBase(settings.base === undefined ? resolve(folder, base) : base, file, entries),
    }),
    notes,
  }
}

function sideOf({ config, folder }: ConfigFile, settings: GateSettings, tree = workingTree): Side {
  const { calibration } = settings
  const configured = config.calibration && resolve(folder, config.calibration)
  return {
    tree,
    folder,
    placer: config.placer ?? 'etf',
    forcedPlacer: settings.placer as Side['forcedPlacer'],
    calibration: calibration ?? configured,
  }
}

const named = (entries: readonly PlanEntry[], side: Side): NamedPlan[] =>
  entries.map((entry) => ({ name: entry.name, open: () => openEntry(entry, side) }))

function chosen(plans: readonly PlanEntry[], names: readonly string[]): readonly PlanEntry[] {
  const known = plans.map(({ name }) => name)
  for (const name of names)
    if (!known.includes(name))
      fail('E100', `the config has no plan ${name}`, {
        where: 'stowage gate',
        expected: known.join(', '),
        fix: didYouMean(name, known) || undefined,
      })
  return names.length ? plans.filter(({ name }) => names.includes(name)) : plans
}

/** Plans as the commit's config has them; where the commit has no config yet, as today's has them, with the commit's files. */
async function gitBase(
  ref: string,
  file: ConfigFile,
  entries: readonly PlanEntry[],
  settings: GateSettings,
  notes: string[],
): Promise<GateBase> {
  const tree = gitTree(ref, file.folder)
  const hasConfig = tree.has(file.path)
  const older = hasConfig ? { ...(await configOf(tree, file.path)), folder: file.folder } : file
  if (!hasConfig) notes.push(`${tree.nameOf(file.path)} does not exist: its files are planned by today's config`)
  // Cost data are today's on both sides.
  const { calibration } = sideOf(file, settings)
  const side = { ...sideOf(older, settings, tree), calibration }
  const today = new Set(file.config.plans.map(({ name }) => name))
  const wanted = new Set(entries.map(({ name }) => name))
  const plans = older.config.plans.filter((entry) => wanted.has(entry.name) || !today.has(entry.name))
  tree.prefetch(plans.flatMap((entry) => filesOf(entry).map((path) => resolve(file.folder, path))))
  const there = hasConfig ? plans : plans.filter((entry) => hasFiles(entry, side))
  return { name: `git:${ref}`, commit: tree.commit, plans: named(there, side) }
}

/** What may be files of an entry: a cluster may as well be a preset. */
function filesOf({ model, cluster, plan, profile }: PlanEntry): string[] {
  return [model, cluster, plan, profile].filter((path) => path !== undefined)
}

/** A model that the commit lacks is new, where the commit does not say that it has it. */
function hasFiles({ model, plan }: PlanEntry, { tree, folder }: Side): boolean {
  return [model, plan].every(
    (each) => each === undefined || tree.has(resolve(folder, each)) || !existsSync(resolve(folder, each)),
  )
}

/** A plan file stands for the plan that is written there, for the only one asked for, or for the one that it is called after. */
async function writtenBase(path: string, file: ConfigFile, entries: readonly PlanEntry[]): Promise<GateBase> {
  const source = await openSource(path)
  const written = readAnyPlan(readJson(source), source.name)
  const real = realpathSync(path)
  const isThere = (other: string | undefined) => {
    const at = other && resolve(file.folder, other)
    return at !== undefined && existsSync(at) && realpathSync(at) === real
  }
  const of =
    entries.find(({ out, plan }) => isThere(out) || isThere(plan)) ??
    (entries.length === 1 ? entries[0] : entries.find(({ name }) => name === written.name)) ??
    fail('E100', `${shownPath(resolve(path))} is the base of no plan here`, {
      where: '--base',
      expected: `a plan file that stands in "out", or one named ${entries.map(({ name }) => name).join(', ')}`,
      found: `a plan named ${written.name}`,
      fix: 'name the plan to gate: stowage gate NAME --base PLAN.json; or compare all with --base git:REF',
    })
  return { name: shownPath(resolve(path)), of: of.name, written }
}
