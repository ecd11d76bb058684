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
    expect(parseActionCsv(formatActionCsv(schedule), 'order.csv')).toEqual({ ...schedule, name: 'stated' })
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
    ['0F0\n', 'E606', 'order.csv, rank 0'],
    ['0F0,1B0,0B0\n1F0\n', 'E606', 'order.csv, rank 0, action 1'],
    ['0B0,0F0\n', 'E606', 'order.csv, rank 0, action 0'],
    ['1F0,1B0\n', 'E606', 'order.csv'],
  ])('refuses %j', (text, code, where) => {
    expect(problems(text)[0]).toMatchObject({ code, where })
  })

  test('names the forward that is missing, and its rank', () => {
    expect(problems('0F0,0B0,0F1,0B1\n1F0,1B0\n').map(({ message, where }) => `${where}: ${message}`)).toEqual([
      'order.csv, rank 1: FIW of stage 1 and microbatch 1 is missing',
    ])
  })

  test('names who waits for whom', () => {
    // Rank 0 wants gradients of microbatch 1 first, which rank 1 computes after those of microbatch 0, which rank 0 has not sent.
    const [summary, ...blocked] = problems('0F1,0B1,0F0,0B0\n1F0,1B0,1F1,1B1\n')
    expect(summary).toMatchObject({ code: 'E801', where: 'order.csv, schedule stated' })
    expect(blocked.map(({ message, where }) => `${where}: ${message}`)).toEqual([
      'order.csv, rank 0, action 1: rank 0 cannot run 0B1: it waits for 1I1 of rank 1',
      'order.csv, rank 1, action 0: rank 1 cannot run 1F0: it waits for 0F0 of rank 0',
    ])
  })

  test('holds two copies of a model where it says so', () => {
    const schedule = pipelineSchedule('dualpipe', { ranks: 4, microbatches: 8 })
    const placement = { copies: 2, stageRank: [...schedule.stageRank] }
    expect(parseActionCsv(formatActionCsv(schedule), 'order.csv', placement)).toEqual({ ...schedule, name: 'stated' })
    expect(() => parseActionCsv(formatActionCsv(schedule), 'order.csv')).toThrow('missing')
  })
})
