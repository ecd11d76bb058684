import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainStyle } from '../../src/report/style.js'
import { table } from '../../src/report/table.js'

const columns = [{ title: 'stage' }, { title: 'layers' }, { title: 'step', align: 'right' }] as const

describe('table', () => {
  test('aligns under the titles, without rules or trailing spaces', () => {
    const rows = [
      ['0', 'embed, 0-7', '1.308 s'],
      ['3', '24-31, head', '12.36 s'],
    ]
    expect(table(columns, rows, plainStyle)).toBe(
      ['stage  layers          step', '0      embed, 0-7   1.308 s', '3      24-31, head  12.36 s', ''].join('\n'),
    )
  })

  test('cuts the widest text column when the terminal is narrow, never a number', () => {
    const text = table(columns, [['0', 'transformer.h.0.attn.c_attn', '1.308 s']], { ...plainStyle, width: 30 })
    expect(text).toBe(['stage  layers             step', '0      transformer.h…  1.308 s', ''].join('\n'))
  })

  test('colour takes no room', () => {
    const red = (text: string) => `\u001b[31m${text}\u001b[39m`
    const rows = [['0', red('late'), '1 s']]
    expect(stripVTControlCharacters(table(columns, rows, { ...plainStyle, dim: red }))).toBe(
      table(columns, [['0', 'late', '1 s']], plainStyle),
    )
  })

  test('fits any width that leaves room for one short column', () => {
    const cell = fc.stringMatching(/^[a-z.]{0,60}$/)
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 5 }), fc.integer({ min: 30, max: 120 }), (names, width) => {
        const rows = names.map((name, i) => [String(i), name, '1.000 s'])
        for (const line of table(columns, rows, { ...plainStyle, width }).split('\n'))
          expect(line.length).toBeLessThanOrEqual(width)
      }),
    )
  })
})
