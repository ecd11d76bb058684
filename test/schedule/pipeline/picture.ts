import type { PipelineSchedule } from '../../../src/schedule/pipeline/index.js'
import { slowPlay } from './slowPlay.js'

/**
 * A line a rank, a column a tick with F = I = W = 1: a digit is a forward, a small letter the gradient of the input, a capital that of the weights; a is
 * microbatch 0. Where a rank holds two stages, the line below it marks what the second one does.
 */
export function picture(schedule: PipelineSchedule): string {
  const { ranks, stages, stageRank } = schedule
  const timed = slowPlay(schedule, { forward: 1, input: 1, weight: 1 })
  const length = Math.max(...timed.map(({ end }) => end))
  const rows = Array.from({ length: ranks }, () => new Array<string>(length).fill('.'))
  const marks = Array.from({ length: ranks }, () => new Array<string>(length).fill(' '))
  for (const { rank, kind, stage, microbatch, start, end } of timed) {
    const small = 'abcdefghijklmnop'[microbatch]
    const text = { F: String(microbatch), I: small, W: small.toUpperCase(), B: small + small.toUpperCase() }[kind]
    // Of a pair, which lasts as long as both, the forward comes first.
    const from = kind === 'B' ? end - 2 : start
    for (const [i, letter] of [...text].entries()) {
      rows[rank][from + i] = letter
      if (stage === stageRank.lastIndexOf(rank)) marks[rank][from + i] = '-'
    }
  }
  const lines = rows.flatMap((row, rank) => [
    `rank ${rank}  ${row.join('')}`,
    ...(stages > ranks ? [`        ${marks[rank].join('').trimEnd()}`] : []),
  ])
  return lines.join('\n')
}
