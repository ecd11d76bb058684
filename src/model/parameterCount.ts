import { expertLayerCount, hasBias, type ModelDescription } from './description.js'

/** Elements of weights by module; a tied table counts once, under `embeddings`. */
export interface ParameterCount {
  readonly embeddings: number
  readonly attention: number
  /** Plain MLPs. */
  readonly mlp: number
  readonly experts: number
  readonly sharedExperts: number
  readonly routers: number
  /** Norms of the blocks and the last one. */
  readonly norms: number
  readonly head: number
  readonly total: number
  /** Those that one token meets: of the experts, topK of each layer. */
  readonly active: number
}

const counted = new WeakMap<ModelDescription, ParameterCount>()

/** Closed forms, exact to the element. h hidden, a heads, k heads of keys and values, d headDim, v vHeadDim, f ffn. Counted once a description. */
export function parameterCount(model: ModelDescription): ParameterCount {
  let count = counted.get(model)
  if (!count) {
    count = countParameters(model)
    counted.set(model, count)
  }
  return count
}

function countParameters(m: ModelDescription): ParameterCount {
  const expertLayers = expertLayerCount(m)
  const expert = mlpParameters(m, m.expertFfn)
  const parts = {
    embeddings: embeddingParameters(m),
    attention: m.layers * attentionParameters(m),
    mlp: (m.layers - expertLayers) * mlpParameters(m, m.ffn),
    experts: expertLayers * m.experts * expert,
    sharedExperts: expertLayers * sharedParameters(m),
    routers: expertLayers * routerParameters(m),
    norms: normCount(m) * normParameters(m),
    head: headParameters(m),
  }
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0)
  return { ...parts, total, active: total - expertLayers * (m.experts - m.topK) * expert }
}

/** Tables of tokens, positions and segment types, or ViT's patch projection, class token and positions (arXiv 2010.11929, equation 1). */
function embeddingParameters(m: ModelDescription): number {
  const patches = m.imageSize ? (m.patchSize ** 2 * m.channels + 2) * m.hidden : 0
  const positions = m.positions === 'learned' ? m.maxPositions : 0
  return (m.vocab + positions + m.tokenTypes) * m.hidden + patches + (m.embeddingNorm ? normParameters(m) : 0)
}

/** h(a + k)d for queries and keys, hkv for values, avh back (Vaswani et al. 2017, section 3.2.2; grouped heads: arXiv 2305.13245). */
function attentionParameters(m: ModelDescription): number {
  const output = m.heads * m.vHeadDim * m.hidden + (hasBias(m, 'output') ? m.hidden : 0)
  const extras = (m.qkNorm ? 2 * m.headDim : 0) + (m.sinks ? m.heads : 0)
  if (m.attention === 'mla') return latentParameters(m) + output + extras
  const width = m.heads * m.headDim + m.kvHeads * (m.headDim + m.vHeadDim)
  return width * (m.hidden + (hasBias(m, 'qkv') ? 1 : 0)) + output + extras
}

/**
 * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, equations 9 to 19): hidden states go down to a rank and, after a norm, up to the heads;
 * one rotary key serves all heads. Biases, where there are any, sit on the projections down.
 */
function latentParameters(m: ModelDescription): number {
  const bias = hasBias(m, 'output') ? 1 : 0
  const queries = m.heads * m.headDim
  const query = m.qLoraRank ? m.qLoraRank * (m.hidden + bias + 1 + queries) : m.hidden * queries
  const down = (m.kvLoraRank + m.qkRopeHeadDim) * (m.hidden + bias)
  return query + down + m.kvLoraRank * (1 + m.heads * (m.qkNopeHeadDim + m.vHeadDim))
}

/** 2hf, or 3hf with a gate (arXiv 2002.05202), and a bias an output. */
function mlpParameters(m: ModelDescription, ffn: number): number {
  const inside = (m.gatedMlp ? 2 : 1) * ffn
  return m.hidden * (inside + ffn) + (hasBias(m, 'mlp') ? inside + m.hidden : 0)
}

function sharedParameters(m: ModelDescription): number {
  return (m.sharedFfn ? mlpParameters(m, m.sharedFfn) : 0) + (m.sharedGate ? m.hidden : 0)
}

function routerParameters(m: ModelDescription): number {
  return m.experts * (m.hidden + (hasBias(m, 'router') ? 1 : 0) + (m.routerCorrection ? 1 : 0))
}

/** Two norms a block, four when they stand on both sides; norms after the blocks' halves leave no need of a last one. */
function normCount(m: ModelDescription): number {
  return m.layers * (m.normPlacement === 'both' ? 4 : 2) + (m.normPlacement === 'post' ? 0 : 1)
}

function normParameters(m: ModelDescription): number {
  return m.norm === 'layernorm' && hasBias(m, 'norm') ? 2 * m.hidden : m.hidden
}

/** BERT's masked-token head is a dense layer, a norm and a bias a token (Devlin et al. 2018, appendix A.1 and the published weights). */
function headParameters(m: ModelDescription): number {
  const dense = m.hidden * (m.hidden + 1)
  const logits = m.head === 'none' || m.tiedEmbeddings ? 0 : m.vocab * m.hidden
  const masked = m.head === 'mlm' ? dense + normParameters(m) + m.vocab : 0
  return logits + masked + (m.pooler ? dense : 0) + m.classes * (m.hidden + (m.causal ? 0 : 1))
}
