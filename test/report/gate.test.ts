import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/errors/index.js'
import { gateSchema } from '../../src/formats/gate.js'
import { type GateReport, gateReport, type PlanSides } from '../../src/gate/index.js'
import { problemsGithub } from '../../src/report/gateGithub.js'
import { gateDocument, gateGithub, gateJunit, gateMarkdown, gateText } from '../../src/report/gateReports.js'
import { plainStyle } from '../../src/report/style.js'
import { graphPlan } from '../gate/plans.js'

const budgets: PlanSides['budgets'] = {
  stepTime: ['error', { max: { value: 2, unit: 'seconds' }, maxIncrease: { percent: 3, seconds: 0.02 } }],
  headroom: ['warn', { min: { value: 0.1, unit: 'share' } }],
}
const base = graphPlan({ stepSeconds: 1.93 })
const head = graphPlan({ stepSeconds: 2.087, model: 'other', placement: { a: 0, b: 0 } })
const sides = (name: string, change: Partial<PlanSides> = {}): PlanSides => ({
  name,
  budgets,
  head: base,
  base,
  isRepredicted: true,
  ...change,
})
const report = (...plans: PlanSides[]): GateReport =>
  gateReport({
    tool: 'stowage 0.1.0',
    plans,
    base: { name: 'git:main', commit: 'abcdef0123456789' },
    removed: ['gone'],
    notes: ['a note'],
  })
const failing = report(sides('llama', { head }), sides('same'), sides('too'), sides('fresh', { base: undefined }))

test('text tells what failed and why, and folds the unchanged', () => {
  expect(gateText(failing, plainStyle)).toBe(`base git:main (abcdef012345)
FAIL  llama   step time   2.087 s   limit 2.000 s              over by 87.00 ms
FAIL  llama   step time   +8.1 %    limit +3 % and +20.00 ms   1.930 s -> 2.087 s
      because   model differs: m.json (sha256 f7994b56 -> c494f200)
      because   placement: 1 of 2 ops moved
new   fresh   step time 1.930 s   2 budgets, 1 skipped, not in the base
ok    2 unchanged plans, 6 budgets
gone  gone   only in the base
note  a note
`)
})

test('the JSON document is what its schema says', () => {
  const infeasible = { problems: [{ code: 'E301', message: 'none fits' } as const], isInfeasible: true }
  for (const each of [failing, report(sides('a', { head: infeasible })), report(sides('b', { base: infeasible }))]) {
    const document = gateDocument(each)
    expect(gateSchema.strict().parse(document)).toEqual(document)
  }
})

describe('GitHub', () => {
  test('annotations are nine at most, errors first, and say how many are left', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      sides(`p${i}`, {
        head,
        budgets: { stepTime: [i === 11 ? 'error' : 'warn', { max: { value: 2, unit: 'seconds' } }] },
      }),
    )
    const lines = gateGithub(report(...many), 'c.json')
      .split('\n')
      .filter((line) => line.startsWith('::'))
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe(
      '::error file=c.json,title=stowage gate%3A p11::step time 2.087 s, limit 2.000 s (over by 87.00 ms)',
    )
    expect(lines[9]).toBe('::notice title=stowage gate::3 more in the summary')
  })

  test('names cannot write commands of their own', () => {
    const evil: Problem = { code: 'E101', message: '100 %\n::set-output name=a::b', where: 'x,y:z' }
    const text = problemsGithub([evil], 'a,b:c\n.json')
    expect(text).toBe('::error file=a%2Cb%3Ac%0A.json,title=stowage E101::100 %25%0A::set-output name=a::b%0Ax,y:z\n')
    const named = gateGithub(report(sides('x\n::error::y', { head })), 'c.json')
    expect(named.split('\n').filter((line) => line.startsWith('::error::'))).toEqual([])
  })
})

test('Markdown escapes what comes from files', () => {
  const text = gateMarkdown(report(sides('a|b <img> @me `c`', { head })))
  expect(text).toContain('a\\|b &lt;img> &#64;me \\`c\\`')
  expect(text).not.toMatch(/<img|@me/)
  expect(text).toMatch(/^## stowage gate: 1 of 1 plan failed\n/)
})

describe('JUnit', () => {
  const hostile = report(
    sides('a&b<"\'>\u0001\ud800', {
      head,
      budgets: { stepTime: ['error', { max: { value: 2, unit: 'seconds' }, message: ']]> & <x>' }] },
    }),
    sides('b'),
  )

  test('is well-formed whatever names and messages hold', () => {
    expect(wellFormed(gateJunit(hostile))).toEqual([
      'testsuites',
      'testsuite',
      'testcase',
      'failure',
      'testsuite',
      'testcase',
      'testcase',
      'testcase',
    ])
    expect(gateJunit(hostile)).toContain('name="a&amp;b&lt;&quot;&apos;&gt;??"')
  })

  test('counts failures, errors and what was skipped', () => {
    expect(gateJunit(failing)).toContain(
      '<testsuites name="stowage gate" tests="12" failures="2" errors="0" skipped="1">',
    )
    const infeasible = { problems: [{ code: 'E301', message: 'none' } as const], isInfeasible: true }
    expect(gateJunit(report(sides('a', { head: infeasible })))).toContain(
      'tests="1" failures="0" errors="1" skipped="0"',
    )
  })
})

/** Names of the elements in order; fails where a tag does not close, or text holds what XML 1.0 forbids. */
function wellFormed(xml: string): string[] {
  const names: string[] = []
  const open: string[] = []
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  const rest = body.replace(
    /<(\/?)(\w+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
    (_, close: string, name: string, __, empty: string) => {
      if (close) expect(open.pop()).toBe(name)
      else names.push(name)
      if (!close && !empty) open.push(name)
      return ''
    },
  )
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<]/)
  expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|apos;|#10;)/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: forbidden in XML
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|[\ud800-\udbff](?![\udc00-\udfff])/)
  return names
}
