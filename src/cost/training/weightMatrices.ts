import { isExpertLayer, type ModelDescription } from '../../model/index.js'
import type { MatrixShape } from '../trainingMemory/index.js'
import type { StageLike } from './stage.js'

/** Equal weight matrices of a stage. */
export interface WeightMatrices {
  readonly shape: MatrixShape
  readonly count: number
  /** Spread whole over expert ranks; others are cut by tensor ranks. */
  readonly isExpert: boolean
}

/** The two-dimensional weights of a stage's layers, each by itself. Tables at the ends are left to AdamW by who treats matrices (arXiv 2502.16982, section 2). */
export function stageMatrices(model: ModelDescription, stage: StageLike): readonly WeightMatrices[] {
  let withExperts = 0
  for (let layer = stage.firstLayer; layer < stage.firstLayer + stage.layerCount; layer++)
    if (isExpertLayer(model, layer)) withExperts++
  const { layerCount: layers } = stage
  return [
    ...attentionShapes(model).map((shape) => ({ shape, count: layers, isExpert: false })),
    ...mlpMatrices(model, model.ffn, layers - withExperts, false),
    ...mlpMatrices(model, model.sharedFfn, withExperts, false),
    ...mlpMatrices(model, model.expertFfn, withExperts * model.experts, true),
  ].filter(({ shape, count }) => count > 0 && shape.rows > 0)
}

function attentionShapes(m: ModelDescription): readonly MatrixShape[] {
  const queries = m.heads * m.headDim
  const output = { rows: m.hidden, columns: m.heads * m.vHeadDim }
  if (m.attention !== 'mla')
    return [
      { rows: queries, columns: m.hidden },
      { rows: m.kvHeads * m.headDim, columns: m.hidden },
      { rows: m.kvHeads * m.vHeadDim, columns: m.hidden },
      output,
    ]
  return [
    ...(m.qLoraRank
      ? [
          { rows: m.qLoraRank, columns: m.hidden },
          { rows: queries, columns: m.qLoraRank },
        ]
      : [{ rows: queries, columns: m.hidden }]),
    { rows: m.kvLoraRank + m.qkRopeHeadDim, columns: m.hidden },
    { rows: m.heads * (m.qkNopeHeadDim + m.vHeadDim), columns: m.kvLoraRank },
    output,
  ]
}

function mlpMatrices(m: ModelDescription, ffn: number, count: number, isExpert: boolean): readonly WeightMatrices[] {
  return [
    { shape: { rows: ffn, columns: m.hidden }, count: (m.gatedMlp ? 2 : 1) * count, isExpert },
    { shape: { rows: m.hidden, columns: ffn }, count: ffn > 0 ? count : 0, isExpert },
  ]
}
