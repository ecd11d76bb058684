import { hasBias, type ModelDescription } from '../../model/index.js'

/** What FSDP2 cuts are the rows. */
export type Shape = readonly [rows: number, width: number]

/** Parameters in the order that modules register them: a block's norms first, a bias after its weight; a tied head has none. */
export function parameterShapes(
  model: ModelDescription,
): Readonly<Record<'embedding' | 'block' | 'norm' | 'head', readonly Shape[]>> {
  const { hidden, vocab, gatedMlp } = model
  const width = model.experts ? model.sharedFfn : model.ffn
  const queries = model.heads * model.headDim
  const keys = model.kvHeads * model.headDim
  const linear = (rows: number, width: number, part: 'qkv' | 'output' | 'mlp'): Shape[] => [
    [rows, width],
    ...(hasBias(model, part) ? [[rows, 1] as const] : []),
  ]
  const norm: Shape[] = [
    [hidden, 1],
    ...(model.norm === 'layernorm' && hasBias(model, 'norm') ? [[hidden, 1] as const] : []),
  ]
  return {
    embedding: [[vocab, hidden], ...(model.positions === 'learned' ? [[model.maxPositions, hidden] as const] : [])],
    block: [
      ...norm,
      ...norm,
      ...linear(queries, hidden, 'qkv'),
      ...linear(keys, hidden, 'qkv'),
      ...linear(keys, hidden, 'qkv'),
      ...linear(hidden, queries, 'output'),
      ...(model.experts ? expertShapes(model) : []),
      ...linear(width, hidden, 'mlp'),
      ...linear(hidden, width, 'mlp'),
      ...(gatedMlp ? linear(width, hidden, 'mlp') : []),
    ],
    norm,
    head: model.tiedEmbeddings ? [] : [[vocab, hidden]],
  }
}

/** Router and stacked experts, which are cut between experts. */
function expertShapes({ experts, hidden, expertFfn, gatedMlp }: ModelDescription): Shape[] {
  const matrix: Shape = [experts, expertFfn * hidden]
  return [[experts, hidden], matrix, matrix, ...(gatedMlp ? [matrix] : [])]
}
