import { expect, test } from 'vitest'
import { z } from 'zod'
import { Problems, type UserError } from '../../src/errors/index.js'
import { parseInto, unknownKeys } from '../../src/formats/schemaProblems.js'

const leaf = z.object({ size: z.number() })
const schema = z.object({ leaf: z.union([leaf, z.array(leaf)]), tags: z.record(z.string(), z.string()).optional() })

function problemsOf(value: unknown) {
  const problems = new Problems()
  const parsed = parseInto(schema, value, 'f.json', problems)
  expect(parsed).toBeUndefined()
  try {
    problems.throwIfAny()
  } catch (error) {
    return (error as UserError).problems.map(({ where, found }) => `${where} ${found}`)
  }
  return []
}

test('a value that fits comes back without what the schema does not know', () => {
  const problems = new Problems()
  expect(parseInto(schema, { leaf: { size: 1, more: 2 } }, 'f.json', problems)).toEqual({ leaf: { size: 1 } })
  expect(problems.count).toBe(0)
})

test('a union is explained by the branch that came furthest', () => {
  expect(problemsOf({ leaf: { size: 'big' } })).toEqual(['f.json#/leaf/size "big"'])
  expect(problemsOf({ leaf: [{ size: 1 }, { size: null }] })).toEqual(['f.json#/leaf/1/size null'])
  expect(problemsOf({ leaf: 7 })).toEqual(['f.json#/leaf 7'])
  expect(problemsOf({})).toEqual(['f.json#/leaf nothing'])
})

test('long values are shortened', () => {
  expect(problemsOf('x'.repeat(500))[0].length).toBeLessThan(80)
})

test('unknown keys are found at any depth, those of a free record are known', () => {
  const value = { leaf: [{ size: 1, extra: 1 }], tags: { any: 'thing' }, more: {} }
  expect(unknownKeys(value, schema.parse(value))).toEqual(['/leaf/0/extra', '/more'])
})
