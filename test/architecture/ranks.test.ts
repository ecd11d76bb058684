import { describe, expect, test } from 'vitest'
import { importsOf, sourceFiles } from './sources.js'

/** ARCHITECTURE, "Who may import whom": a folder imports only folders of a lower rank. */
const ranks: Readonly<Record<string, number>> = {
  errors: 0,
  solve: 1,
  model: 1,
  graph: 2,
  hardware: 2,
  cost: 3,
  schedule: 4,
  plan: 5,
  formats: 5.5,
  place: 6,
  parallel: 6,
  shard: 6,
  experts: 6,
  simulate: 6,
  calibrate: 6,
  gate: 7,
  report: 7,
  emit: 7,
  verbs: 8,
  cli: 9,
}

/** Only compositions read files; inside, formats are values already. */
const mayImportFormats = new Set(['formats', 'verbs', 'cli'])

const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1]

function breaches(path: string, imports: readonly string[]): string[] {
  const from = folderOf(path)
  if (from === undefined) return []
  return imports.flatMap((target) => {
    if (target.startsWith('commands/')) return [`${path} imports ${target}: nothing imports commands`]
    const to = folderOf(target)
    if (to === undefined || to === from) return []
    if (ranks[to]! >= ranks[from]!) return [`${path} (${from}, ${ranks[from]}) imports ${to} (${ranks[to]})`]
    return to === 'formats' && !mayImportFormats.has(from) ? [`${path} imports formats`] : []
  })
}

const files = sourceFiles('src', 'commands')

describe('import ranks', () => {
  test('every folder of src has a rank', () => {
    expect([...new Set(files.map(({ path }) => folderOf(path)))].filter((name) => name && !(name in ranks))).toEqual([])
  })

  test('no folder imports its peers or what stands above it', () => {
    expect(files.flatMap(({ path, imports }) => breaches(path, imports))).toEqual([])
  })

  test('the rule sees each kind of import', () => {
    const text = `
      import { a } from '../plan/a.js'
      import type { b } from "../report/b.js"
      export * from '../place/c.js'
      import '../cli/d.js'
      const e = await import('../verbs/e.js')
      type F = import('../formats/f.js').F
      import {
        g,
      } from '../../commands/g.js'
    `
    expect(breaches('src/graph/x.ts', importsOf(text, 'src/graph/x.ts'))).toHaveLength(7)
    expect(
      breaches('src/report/x.ts', importsOf("import '../graph/a.js'\nimport '../formats/b.js'", 'src/report/x.ts')),
    ).toHaveLength(1)
  })
})
