import {
  expertLayerCount,
  type ModelDescription,
  parameterCount,
  processedSequences,
  type TrainingRun,
} from '../../model/index.js'

/** FLOPs that one step needs for the sequences it takes, without recomputation: 6 a weight and token, and attention's (PaLM, arXiv 2204.02311, appendix B; causal halves it not, by custom). */
export function modelFlops(run: TrainingRun): number {
  const { model } = run
  const tokens = processedSequences(run) * model.seq
  const attention = 6 * model.layers * model.heads * (model.headDim + model.vHeadDim) * model.seq
  return tokens * (6 * multipliedParameters(model) + attention)
}

/** Weights that a token is multiplied with: tables are looked up, but for the head. */
function multipliedParameters(model: ModelDescription): number {
  const count = parameterCount(model)
  const idle = expertLayerCount(model) ? count.total - count.active : 0
  const head = model.tiedEmbeddings ? model.vocab * model.hidden : 0
  return count.total - idle - count.embeddings + head
}
