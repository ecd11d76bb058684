import { describe, expect, test } from 'vitest'
import type { UserError } from '../../src/errors/index.js'
import { formatActionCsv, parseActionCsv } from '../../src/formats/actionCsv.js'
import { pipelineSchedule } from '../../src/schedule/pipeline/index.js'

const problems = (text: string) => {
  try {
    parseActionCsv(text, 'order.csv')
  } catch (error) {
    return (error as UserError).problems
  }
  throw new Error('accepted')
}

describe('action CSV', () => {
  test.each(['gpipe', 'zb-v', 'dualpipe-v', 'interleaved-zero-bubble'])('%s comes back as it was written', (name) => {
    const schedule = pipelineSchedule(name, { ranks: 4, microbatches: 8 })
    expect(parseActionCsv(formatActionCsv(schedule), 'order.csv')).toEqual({ ...schedule, name: 'csv' })
  })

  test('is written as PyTorch writes it', () => {
    expect(formatActionCsv(pipelineSchedule('1f1b', { ranks: 2, microbatches: 2 }))).toBe(
      '0F0,0F1,0B0,0B1\n1F0,1B0,1F1,1B1\n',
    )
    expect(formatActionCsv(pipelineSchedule('dualpipe-v', { ranks: 1, microbatches: 2 }))).toBe(
      '0F0,1F0,0F1,1B0,(1F1;0B0)OVERLAP_F_B,1B1,0I1,0W1\n',
    )
  })

  test('may hold waits, quotes, a byte-order mark, carriage returns and what PyTorch adds', () => {
    const text = '\uFEFF0UNSHARD,0F0,,"0SEND_F0",0RECV_B0,0B0,0REDUCE_GRAD\r\n,1RECV_F0,1F0, 1B0 ,1SEND_B0\r\n'
    expect(formatActionCsv(parseActionCsv(text, 'order.csv'))).toBe('0F0,0B0\n1F0,1B0\n')
  })

  test('keeps stages where they are listed', () => {
    expect([...parseActionCsv('0F0,2F0,2B0,0B0\n1F0,1B0\n', 'order.csv').stageRank]).toEqual([0, 1, 0])
  })

  test.each([
    ['', 'E606', 'order.csv'],
    ['0F0,0B0\n1F0,1X0,1B0\n', 'E105', 'order.csv:2, field 2'],
    ['0F0,0F99999999,0B0\n', 'E105', 'order.csv:1, field 2'],
    ['0F0,9999999F9999999,0B0\n', 'E606', 'order.csv'],
    ['0F0\n', 'E606', 'rank 0'],
    ['0F0,1B0,0B0\n1F0\n', 'E606', 'rank 0, action 1'],
    ['0B0,0F0\n', 'E606', 'rank 0, action 0'],
  ])('refuses %j', (text, code, where) => {
    expect(problems(text)[0]).toMatchObject({ code, where })
  })
})
