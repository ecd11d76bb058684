import type { ModelDescription } from '../../model/index.js'

type Shape = readonly [rows: number, width: number]

/** Parameters in the order that modules register them: rows are what FSDP2 cuts. */
export function parameterShapes(
  model: ModelDescription,
): Readonly<Record<'embedding' | 'block' | 'norm' | 'head', readonly Shape[]>> {
  const { hidden, vocab, ffn, heads, kvHeads, headDim, gatedMlp } = model
  const queries = heads * headDim
  const keys = kvHeads * headDim
  const norm: Shape = [hidden, 1]
  return {
    embedding: [[vocab, hidden]],
    block: [
      norm,
      norm,
      [queries, hidden],
      [keys, hidden],
      [keys, hidden],
      [hidden, queries],
      [ffn, hidden],
      [hidden, ffn],
      ...(gatedMlp ? [[ffn, hidden] as const] : []),
    ],
    norm: [norm],
    head: [[vocab, hidden]],
  }
}
