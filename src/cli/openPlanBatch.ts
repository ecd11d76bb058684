import { planLine } from '../verbs/planBatch.js'
import type { BatchAnswer } from '../verbs/simulateBatch.js'
import { linesOf } from './jsonLines.js'
import { openSource } from './source.js'

/** The answers to a batch of plan requests, one a line, if that is what the input is. */
export async function openPlanBatch(input: string): Promise<Iterable<BatchAnswer> | undefined> {
  if (!/\.jsonl(\.gz)?$/i.test(input)) return undefined
  const source = await openSource(input)
  return answers()

  function* answers(): Generator<BatchAnswer> {
    for (const { text, number } of linesOf(source)) yield planLine(text, number, source.name)
  }
}
