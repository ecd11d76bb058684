import { describe, expect, test } from 'vitest'
import { toAscii } from '../../src/report/ascii.js'
import { errorText } from '../../src/report/errorText.js'
import { plainStyle } from '../../src/report/style.js'

describe('errorText', () => {
  test('shows what is known of a problem, further lines under the first', () => {
    const text = errorText(
      [
        {
          code: 'E104',
          message: 'a.json is not valid JSON',
          where: 'a.json:3:7',
          expected: 'a colon',
          found: '"1"',
          fix: 'one\nor two',
        },
        { code: 'E900', message: 'bare' },
      ],
      plainStyle,
    )
    expect(text).toBe(
      [
        'error[E104]: a.json is not valid JSON',
        '  where     a.json:3:7',
        '  expected  a colon',
        '  found     "1"',
        '  fix       one',
        '            or two',
        'error[E900]: bare',
        '',
      ].join('\n'),
    )
  })

  test('marks without changing the words', () => {
    const marked = errorText([{ code: 'E900', message: 'm', fix: 'f' }], { ...plainStyle, bad: (text) => `<${text}>` })
    expect(marked).toBe('<error[E900]>: m\n  fix       f\n')
  })
})

describe('toAscii', () => {
  test('replaces drawing characters by as many, and nothing else', () => {
    expect(toAscii('a · b × c → d … █▒░ ≤ ├ é 模')).toBe('a - b x c > d ~ #.: < ├ é 模')
  })
})
