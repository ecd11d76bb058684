import { describe, expect, test } from 'vitest'
import { catalogue, exitCodes, fail, InternalError, Problems, UserError } from '../../src/errors/index.js'

describe('catalogue', () => {
  test('codes are ascending and have a title and an exit code', () => {
    const codes = Object.keys(catalogue)
    expect(codes).toEqual([...codes].sort())
    for (const [code, { exit, title }] of Object.entries(catalogue)) {
      expect(code).toMatch(/^E[1-9]\d\d$/)
      expect(Object.values(exitCodes)).toContain(exit)
      expect(title).toMatch(/^\w.*\w$/)
    }
  })

  test('titles are told apart', () => {
    const titles = Object.values(catalogue).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  test('the room decides the exit code', () => {
    for (const [code, { exit }] of Object.entries(catalogue)) {
      if (code.startsWith('E3')) expect(exit).toBe(exitCodes.infeasible)
      if (code.startsWith('E2') || code.startsWith('E6')) expect(exit).toBe(exitCodes.input)
    }
  })
})

describe('UserError', () => {
  test('takes message, code and exit code from its first problem', () => {
    const error = new UserError([
      { code: 'E301', message: 'too large' },
      { code: 'E105', message: 'wrong' },
    ])
    expect(error).toMatchObject({ name: 'UserError', message: 'too large', code: 'E301', exitCode: 3 })
    expect(error).toBeInstanceOf(Error)
  })

  test('fail throws one', () => {
    expect(() => fail('E206', 'nothing here', { where: 'x' })).toThrow(UserError)
    expect(() => fail('E206', 'nothing here')).toThrow('nothing here')
  })

  test('a bug of ours is another class', () => {
    expect(new InternalError('oops')).toMatchObject({ code: 'E900', exitCode: 70 })
    expect(new InternalError('oops')).not.toBeInstanceOf(UserError)
  })
})

describe('Problems', () => {
  test('does nothing while empty', () => {
    expect(() => new Problems().throwIfAny()).not.toThrow()
  })

  test('keeps so many and counts the rest', () => {
    const problems = new Problems(2)
    for (let k = 0; k < 1000; k++) problems.add('E105', `problem ${k}`, { where: `#/${k}` })
    expect(problems.count).toBe(1000)
    try {
      problems.throwIfAny()
      expect.unreachable()
    } catch (error) {
      expect((error as UserError).problems.map(({ message }) => message)).toEqual([
        'problem 0',
        'problem 1',
        'and 998 more problems',
      ])
    }
  })
})
