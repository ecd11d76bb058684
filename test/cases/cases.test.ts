import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readCluster } from '../../src/formats/cluster.js'
import { readOpGraph } from '../../src/formats/opGraph.js'
import { readAnyPlan } from '../../src/formats/plan.js'
import { canonicalJson } from '../../src/plan/index.js'
import { diffMarkdown } from '../../src/report/diffMarkdown.js'
import { diffText } from '../../src/report/diffText.js'
import { plainStyle } from '../../src/report/style.js'
import { calibrateRuns } from '../../src/verbs/calibrateRuns.js'
import { diffPlans } from '../../src/verbs/diffPlans.js'
import { checkSchedule } from '../helpers/checkSchedule.js'
import { tables } from '../helpers/runs.js'
import { planOf } from '../helpers/verbs.js'

type Placer = Parameters<typeof planOf>[2]

const folder = new URL('./', import.meta.url)
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const read = (name: string, file: string) => JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'))
const noSheets = { kinds: new Map(), sheets: new Map() }

/** A calibration as far as it is a promise: what was fitted and moved, and errors to the per mille. */
function calibrationOf(name: string): object {
  const text = readFileSync(new URL(`${name}/measured.jsonl`, folder), 'utf8')
  const lines = text.split('\n').flatMap((line, i) => (line ? [{ text: line, number: i + 1 }] : []))
  const { report } = calibrateRuns({ lines, name: 'measured.jsonl', tables, draws: 2, mostAnchors: 10 })
  const perMille = ({ mean, p90 }: { mean: number; p90: number }) => [mean, p90].map((x) => Number(x.toFixed(3)))
  return {
    problems: report.problems,
    groups: report.groups.map(({ stack, device, rows, anchors, before, after }) => ({
      ...{ stack, device, rows, anchors, before: perMille(before), after: perMille(after) },
    })),
  }
}

/** Two plans: their difference, and how it reads. */
function differenceOf(name: string): object {
  const [base, head] = ['base.json', 'head.json'].map((file) => ({
    plan: readAnyPlan(read(name, file), file),
    where: file,
  }))
  const diff = diffPlans({ base, head })
  return { diff, text: diffText(diff, plainStyle).split('\n'), markdown: diffMarkdown(diff).split('\n') }
}

/** What comes out of a case; see README.md for how to write it down anew. */
async function answerOf(name: string, placer: Placer): Promise<object> {
  if (existsSync(new URL(`${name}/measured.jsonl`, folder))) return calibrationOf(name)
  if (existsSync(new URL(`${name}/base.json`, folder))) return differenceOf(name)
  const graph = readOpGraph(read(name, 'graph.json'), 'graph.json')
  const cluster = readCluster(read(name, 'cluster.json'), noSheets, 'cluster.json')
  try {
    const { decisions, prediction } = (await planOf(graph, cluster, placer)).plan
    const limits = cluster.devices.map(({ memoryBytes }) => memoryBytes)
    expect(checkSchedule({ graph, cluster, placement: decisions.placement!, prediction, limits })).toEqual([])
    const { stepSeconds, peakBytes, schedule } = prediction
    return { decisions, stepSeconds, peakBytes, schedule }
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems }
    throw error
  }
}

describe('cases', () => {
  test('are five or more, all in README.md', () => {
    expect(cases.length).toBeGreaterThanOrEqual(5)
    const readme = readFileSync(new URL('README.md', folder), 'utf8')
    for (const name of cases) expect(readme).toContain(`| ${name} |`)
  })

  test.each(cases)('%s', async (name) => {
    const { placer, ...expected } = read(name, 'expected.json')
    const answer = JSON.parse(canonicalJson(await answerOf(name, placer)))
    if (process.env.UPDATE_CASES)
      writeFileSync(new URL(`${name}/expected.json`, folder), canonicalJson({ placer, ...answer }))
    else expect(answer).toEqual(expected)
  })
})
