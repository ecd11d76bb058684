import type { ModelDescription } from '../model/index.js'

/** What one pipeline stage holds: a run of layers, and the tables at the ends. */
export interface StageContent {
  readonly firstLayer: number
  readonly layerCount: number
  readonly hasEmbedding: boolean
  readonly hasHead: boolean
}

/**
 * Layers dealt to `stages` as evenly as they go. Where they do not divide, embedding and head count as one layer each, so that the end stages come out
 * shorter (Megatron-Core's account_for_embedding_in_pipeline_split; Llama 3 405B, arXiv 2407.21783, section 3.3.2, gives one layer less to both ends).
 */
export function evenLayout(model: ModelDescription, stages: number): readonly StageContent[] {
  const { layers } = model
  const divides = layers % stages === 0
  const slots = divides ? layers : layers + 2
  const counts = Array.from(
    { length: stages },
    (_, s) => Math.floor(((s + 1) * slots) / stages) - Math.floor((s * slots) / stages),
  )
  if (!divides) {
    counts[0]--
    counts[stages - 1]--
    repairNegative(counts)
  }
  return contents(counts)
}

/**
 * nanotron's rule (src/nanotron/models, `get_block_compute_costs` and pipeline building): walk the blocks and go to the next stage once the running sum of 4h^2 + 3hf a layer and Vh
 * for the head reaches the stage's share. A large vocabulary leaves the last stage with the head alone.
 */
export function parameterWalkLayout(model: ModelDescription, stages: number): readonly StageContent[] {
  const layerCost = 4 * model.hidden ** 2 + 3 * model.hidden * model.ffn
  const total = model.layers * layerCost + model.vocab * model.hidden
  const counts = new Array<number>(stages).fill(0)
  let stage = 0
  let sum = 0
  for (let layer = 0; layer < model.layers; layer++) {
    counts[stage]++
    sum += layerCost
    if (stage < stages - 1 && sum >= ((stage + 1) * total) / stages) stage++
  }
  return contents(counts, stage)
}

function contents(counts: readonly number[], headStage = counts.length - 1): readonly StageContent[] {
  let first = 0
  return counts.map((layerCount, s) => {
    const firstLayer = first
    first += layerCount
    return { firstLayer, layerCount, hasEmbedding: s === 0, hasHead: s === headStage }
  })
}

/** More stages than layers: the ends cannot give what they do not have. */
function repairNegative(counts: number[]): void {
  for (let s = 0; s < counts.length; s++) {
    while (counts[s] < 0) {
      const largest = counts.indexOf(Math.max(...counts))
      counts[largest]--
      counts[s]++
    }
  }
}
