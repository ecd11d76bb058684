import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readConfig } from '../../src/formats/config.js'
import { readJsonc } from '../../src/formats/jsonc.js'
import { parseQuantity } from '../../src/formats/quantity.js'
import { bytesSource } from '../../src/formats/source.js'

const plan = { name: 'p', model: 'm.onnx', cluster: 'h100x2' }
const run = { name: 'r', model: 'llama3-8b', cluster: 'h100x8', training: { globalBatch: 8 } }
const stepTime = (budget: unknown) => ({ plans: [plan], budgets: { '*': { stepTime: budget } } })

function problemsOf(value: unknown): (string | undefined)[][] {
  try {
    readConfig(value, 'c.json')
    return []
  } catch (error) {
    return (error as UserError).problems.map(({ code, where, fix }) => [code, where, fix])
  }
}

describe('stowage.config', () => {
  test('reads quantities with their units', () => {
    const { budgets } = readConfig(stepTime(['error', { max: '20 ms', maxIncrease: { percent: 3 } }]), 'c.json')
    expect(budgets?.['*'].stepTime).toEqual([
      'error',
      { max: { value: 0.02, unit: 'seconds' }, maxIncrease: { percent: 3 } },
    ])
  })

  /** What is wrong, and the code, pointer and fix that say so. */
  const wrong: [what: string, value: unknown, problems: (string | undefined)[][]][] = [
    ['an unknown key', { plans: [plan], buget: {} }, [['E105', 'c.json#/buget', 'did you mean budgets?']]],
    [
      'a key of a plan',
      { plans: [{ ...plan, placr: 'etf' }] },
      [['E105', 'c.json#/plans/0/placr', 'did you mean placer or plan?']],
    ],
    [
      'a key of a run',
      { plans: [{ ...run, pin: { tpp: 2 } }] },
      [['E105', 'c.json#/plans/0/pin/tpp', 'did you mean pp, tp or cp?']],
    ],
    [
      'a budget',
      { plans: [plan], budgets: { '*': { stepTim: 'off' } } },
      [['E105', 'c.json#/budgets/*/stepTim', 'did you mean stepTime?']],
    ],
    [
      'a limit',
      stepTime(['error', { maxx: '1 s' }]),
      [['E105', 'c.json#/budgets/*/stepTime/1/maxx', expect.stringMatching(/^did you mean max\b/)]],
    ],
    [
      'a bound of the wrong side',
      stepTime(['error', { min: '1 s' }]),
      [['E105', 'c.json#/budgets/*/stepTime/1/min', expect.anything()]],
    ],
    ['budgets of no plan', { plans: [plan], budgets: { q: {} } }, [['E203', 'c.json#/budgets/q', 'did you mean p?']]],
    ['two plans of a name', { plans: [plan, plan] }, [['E202', 'c.json#/plans/1/name', undefined]]],
    ['no model', { plans: [{ name: 'p' }] }, [['E105', 'c.json#/plans/0', undefined]]],
    [
      'degrees without training',
      { plans: [{ ...plan, pin: { tp: 2 } }] },
      [['E105', 'c.json#/plans/0/pin', undefined]],
    ],
    ['a placer of a run', { plans: [{ ...run, placer: 'etf' }] }, [['E105', 'c.json#/plans/0/placer', undefined]]],
    [
      'a budget without a limit',
      stepTime(['error', { message: 'too slow' }]),
      [['E105', 'c.json#/budgets/*/stepTime/1', undefined]],
    ],
    [
      'a change without a limit',
      stepTime(['error', { maxIncrease: {} }]),
      [['E105', 'c.json#/budgets/*/stepTime/1', undefined]],
    ],
    ['a newer version', { schemaVersion: '2.0', plans: [plan] }, [['E103', 'c.json#/schemaVersion', 'update stowage']]],
  ]
  test.each(wrong)('refuses %s', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(problems)
  })

  test.each([
    ['a number without a unit', stepTime(['error', { max: 2 }]), '/budgets/*/stepTime/1/max'],
    ['a unit of something else', stepTime(['error', { max: '2 GiB' }]), '/budgets/*/stepTime/1/max'],
    ['an unknown level', stepTime(['eror', { max: '2 s' }]), '/budgets/*/stepTime/0'],
    ['a name on two lines', { plans: [{ ...plan, name: 'a\n::error::b' }] }, '/plans/0/name'],
  ])('refuses %s', (_, value, pointer) => {
    expect(problemsOf(value).map(([, where]) => where)).toEqual([`c.json#${pointer}`])
  })
})

describe('JSON with comments', () => {
  const read = (text: string) => readJsonc(bytesSource('c.json', Buffer.from(text)))

  test('comments and last commas are blanks, strings are not', () => {
    const text = '// a\n{ "a": "// no /* comment */, }", /* b, */ "c": [1, 2, /* d */\n ], // e\n}'
    expect(read(text)).toEqual({ a: '// no /* comment */, }', c: [1, 2] })
  })

  test('errors keep their line and column', () => {
    const text = '{\n  /* two\n  lines */ "a": x\n}'
    expect(() => read(text)).toThrow(UserError)
    try {
      read(text)
    } catch (error) {
      expect((error as UserError).problems[0].where).toBe('c.json:3:17')
    }
  })

  test('what JSON does not know otherwise stays wrong', () => {
    for (const text of ['{ "a": 1,, }', '[,]', '{ a: 1 }', '{ "a": 1 } /* open', '{ "a": "b }'])
      expect(() => read(text), text).toThrow(UserError)
  })
})

test.each([
  ['2 s', { value: 2, unit: 'seconds' }],
  ['500ms', { value: 0.5, unit: 'seconds' }],
  ['10%', { value: 0.1, unit: 'share' }],
  ['4 GiB', { value: 2 ** 32, unit: 'bytes' }],
  ['1e3 MB', { value: 1e9, unit: 'bytes' }],
  ['5', undefined],
  ['-1 s', undefined],
  ['1 parsec', undefined],
  ['1 toString', undefined],
])('%s is a quantity', (text, quantity) => {
  expect(parseQuantity(text)).toEqual(quantity)
})
