import type { ModelDescription, ModelFields } from '../model/index.js'
import type { ConfigFields } from './huggingfaceFields.js'

/** What every configuration must say. */
export interface Sizes {
  readonly layers: number
  readonly hidden: number
  readonly heads: number
}

export const decoder = {
  family: 'llama',
  gatedMlp: true,
  norm: 'rmsnorm',
  normPlacement: 'pre',
  positions: 'rope',
  biases: 'none',
  causal: true,
  dropout: 0,
} satisfies Partial<ModelDescription>

export const encoder = {
  ...decoder,
  gatedMlp: false,
  norm: 'layernorm',
  positions: 'learned',
  biases: 'all',
} satisfies Partial<ModelDescription>

/** What Llama's followers share; `d` holds their defaults. */
export function llamaLike(c: ConfigFields, { hidden, heads }: Sizes, d: LlamaDefaults): Partial<ModelFields> {
  const kvHeads = c.size('kvHeads', d.kvHeads ?? heads, heads)
  return {
    ...decoder,
    vocab: c.size('vocab', d.vocab),
    ffn: c.size('ffn', d.ffn),
    seq: c.size('maxPositions', d.seq),
    kvHeads,
    attention: kvHeads === heads ? 'mha' : 'gqa',
    headDim: d.headDim || c.isSet('head_dim') ? c.size('headDim', d.headDim ?? 0) : hidden / heads,
    activation: c.activation(d.act ?? 'silu', true),
    tiedEmbeddings: c.flag('tiedEmbeddings', d.tied ?? false),
  }
}

interface LlamaDefaults {
  readonly vocab: number
  readonly ffn: number
  readonly seq: number
  /** Absent: as many as heads. */
  readonly kvHeads?: number
  readonly headDim?: number
  readonly tied?: boolean
  /** Absent: silu. */
  readonly act?: string
}

/** Experts in every layer but those that the configuration makes plain: one in `decoder_sparse_step` has experts, `mlp_only_layers` never. */
export function qwenExperts(c: ConfigFields, { layers }: Sizes, d: ExpertDefaults): Partial<ModelFields> {
  const step = c.size('decoder_sparse_step', 1)
  const plain = new Set(c.layerList('mlp_only_layers'))
  if (step > 1) for (let i = 0; i < Math.min(layers, mostLayers); i++) if ((i + 1) % step !== 0) plain.add(i)
  return {
    experts: c.size('experts', d.experts),
    topK: c.size('topK', d.topK),
    expertFfn: c.size('expertFfn', d.expertFfn),
    ...(plain.size > 0 ? { denseLayers: [...plain].sort((a, b) => a - b) } : { ffn: 0 }),
  }
}

export function deepSeek(c: ConfigFields, sizes: Sizes, d: LlamaDefaults & DeepSeekDefaults): Partial<ModelFields> {
  const { layers, heads } = sizes
  const qkNopeHeadDim = c.size('qkNopeHeadDim', 128)
  const qkRopeHeadDim = c.size('qkRopeHeadDim', 64)
  const first = c.size('denseLayers', d.first, 0)
  // Of the original configurations only: transformers' own has experts in every later layer.
  const step = c.isSet('moe_layer_freq') ? c.size('moe_layer_freq', 1) : 1
  const plain = Array.from({ length: Math.max(0, Math.min(layers, mostLayers)) }, (_, i) => i).filter(
    (i) => i < first || (step > 1 && i % step !== 0),
  )
  return {
    ...llamaLike(c, sizes, d),
    attention: 'mla',
    kvHeads: heads,
    qLoraRank: c.size('qLoraRank', 1536, 0),
    kvLoraRank: c.size('kvLoraRank', 512),
    qkNopeHeadDim,
    qkRopeHeadDim,
    vHeadDim: c.size('vHeadDim', 128),
    headDim: qkNopeHeadDim + qkRopeHeadDim,
    biases: c.flag('attention_bias', false) ? 'attention' : 'none',
    experts: c.size('experts', d.experts),
    topK: c.size('topK', d.topK),
    expertFfn: c.size('expertFfn', d.expertFfn),
    sharedExperts: c.size('sharedExperts', d.shared, 0),
    denseLayers: step > 1 ? plain : first,
  }
}

interface ExpertDefaults {
  readonly experts: number
  readonly topK: number
  readonly expertFfn: number
}

interface DeepSeekDefaults extends ExpertDefaults {
  readonly shared: number
  readonly first: number
}

/** As many as `checkModel` accepts: a configuration of more is refused there, and must not fill memory before. */
const mostLayers = 4096
