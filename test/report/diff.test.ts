import { describe, expect, test } from 'vitest'
import { type ComparedPlan, planDiff } from '../../src/plan/diff/index.js'
import { toAscii } from '../../src/report/ascii.js'
import { diffMarkdown } from '../../src/report/diffMarkdown.js'
import { diffText } from '../../src/report/diffText.js'
import { devicesWords } from '../../src/report/diffWords.js'
import { plainStyle } from '../../src/report/style.js'
import { comparedPlan } from '../helpers/plans.js'

const text = (base: ComparedPlan, head: ComparedPlan) => diffText(planDiff(base, head), plainStyle)
const markdown = (base: ComparedPlan, head: ComparedPlan) => diffMarkdown(planDiff(base, head))
const placed = (name: string, device: number) => comparedPlan({ placement: { [name]: device } })

/** Ops of many names, moved alone and to and fro. */
function scattered(device: (op: number) => number): ComparedPlan {
  const names = Array.from({ length: 4000 }, (_, i) => `part${i % 50}/kind${String.fromCharCode(97 + (i % 23))}/x.${i}`)
  return comparedPlan({ placement: Object.fromEntries(names.map((name, i) => [name, device(i)])) })
}

describe('text', () => {
  test('of a plan and itself says no difference', () => {
    const plan = placed('a', 0)
    expect(text(plan, plan)).toMatch(/^no difference {4}base test /)
    expect(text(plan, plan)).toContain('same inputs')
    expect(markdown(plan, plan)).toMatch(/^### test: no difference\n/)
  })

  test('old -> new, absolute and percent of the base, in words', () => {
    const base = comparedPlan({}, { stepSeconds: 2, mfu: 0.4 })
    const lines = text(base, comparedPlan({}, { stepSeconds: 2.1, mfu: 0.42 })).split('\n')
    expect(lines[0]).toContain('same decisions, step time 2.000 s -> 2.100 s (+5.0 %)')
    expect(lines).toContainEqual(expect.stringMatching(/^step time +2\.000 s +2\.100 s +\+100\.0 ms +\+5\.0 % +worse$/))
    expect(lines).toContainEqual(expect.stringMatching(/^MFU +40\.00 % +42\.00 % +\+2\.00 points +\+5\.0 % +better$/))
  })

  test('thousands of ops stay on a screen, and no move is lost from the count', () => {
    const got = text(
      scattered(() => 0),
      scattered((i) => (i % 3 ? i % 17 : 0)),
    )
    expect(got.split('\n').length).toBeLessThan(40)
    expect(got).toMatch(/^ {2}\.\.\. and [\d,]+ ops in \d+ more groups: --json lists all$/m)
    const shown = [...got.matchAll(/^ {2}(?:\.\.\. and )?([\d,]+)(?: of [\d,]+)? ops/gm)]
    const total = shown.reduce((sum, [, count]) => sum + Number(count.replaceAll(',', '')), 0)
    const moved = Number(/placement {3}([\d,]+) of 4,000/.exec(got)![1].replaceAll(',', ''))
    expect(total).toBe(moved)
  })

  test('says why: inputs, options, or other decisions of the same', () => {
    const other = comparedPlan({ placement: { a: 1 } }, {}, { options: { effort: 2 } })
    expect(text(placed('a', 0), placed('a', 1))).toContain('same inputs, other decisions')
    expect(text(placed('a', 0), other)).toContain('option effort: (absent) -> 2')
    expect(text(comparedPlan({}, { stepSeconds: 1 }), comparedPlan({}, { stepSeconds: 2 }))).toContain(
      'changed by hand',
    )
  })

  test('a name cannot write to the terminal', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(text(placed('a\u001b[2J\n\u202eb', 0), placed('c', 0))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  test('is ASCII where the terminal shows no more', () => {
    const mesh = (shape: number[]) => comparedPlan({ mesh: { axes: ['pp', 'tp'], shape } })
    const got = text(mesh([1, 8]), mesh([2, 4]))
    expect(got).toContain('mesh        pp 1 -> 2 · tp 8 -> 4')
    expect(toAscii(got)).toMatch(/^[\n -~]*$/)
  })
})

describe('markdown', () => {
  test('a name makes no cell, tag, link, mention or code', () => {
    const got = markdown(placed('x|y', 0), placed('<img src=x>`@octo`[a](https://b)', 0))
    const rows = got.split('\n').filter((line) => line.includes('octo'))
    expect(rows).toHaveLength(1)
    expect(rows[0].match(/\|/g)).toHaveLength(3)
    expect(got.replace(/<\/?(details|summary)>/g, '')).not.toMatch(/[<`@[\]]|https:\/\//)
  })

  test('folds lists, and ends them', () => {
    const got = markdown(
      scattered(() => 0),
      scattered((i) => i % 17),
    )
    expect(got.match(/<details>/g)!.length).toBe(got.match(/<\/details>/g)!.length)
    expect(got).toContain('<details><summary>Ops that moved (')
    expect(got.split('\n').length).toBeLessThan(300)
  })
})

test('devices are told as ranges', () => {
  expect([[0, 1, 2, 3], [5], [0, 2, 3], [3, 2], []].map(devicesWords)).toEqual(['0-3', '5', '0,2-3', '3,2', 'none'])
})
