/**
 * What a user describes of a transformer, as pure data: the `model` of a stowage.run (FORMATS), complete. What a file leaves out
 * `completeModel` fills in. Widths count elements; 0 means that the model has no such part.
 */
export interface ModelDescription {
  readonly name: string
  /** Whose module names a graph of the model carries. */
  readonly family: Family

  readonly layers: number
  readonly hidden: number
  /** Tokens of one sequence; for images the patches and the class token. */
  readonly seq: number
  /** 0: the input is an image. */
  readonly vocab: number
  readonly tiedEmbeddings: boolean
  readonly positions: 'learned' | 'rope' | 'none'
  /** Rows of a learned table of positions. */
  readonly maxPositions: number
  /** Rows of BERT's table of segment types. */
  readonly tokenTypes: number
  readonly embeddingNorm: boolean
  readonly imageSize: number
  readonly patchSize: number
  readonly channels: number

  readonly attention: 'mha' | 'gqa' | 'mla'
  readonly heads: number
  readonly kvHeads: number
  /** Width of one head's query and key. */
  readonly headDim: number
  /** Width of one head's value. */
  readonly vHeadDim: number
  /** Ranks of the compressed queries (0: not compressed) and of the keys and values, and the two parts of headDim (DeepSeek-V2, arXiv 2405.04434, section 2.1). */
  readonly qLoraRank: number
  readonly kvLoraRank: number
  readonly qkNopeHeadDim: number
  readonly qkRopeHeadDim: number
  /** A norm over each head's query and key (Qwen3). */
  readonly qkNorm: boolean
  /** A learned logit a head that takes attention away from every token (gpt-oss). */
  readonly sinks: boolean
  /** Each token sees itself and those before it only. */
  readonly causal: boolean
  /** `math` writes the scores to memory, `flash` does not. */
  readonly attentionKernel: 'flash' | 'math'
  /** Keys and values are repeated to as many heads as the queries have before attention. */
  readonly expandKv: boolean

  readonly ffn: number
  readonly gatedMlp: boolean
  readonly activation: Activation
  readonly norm: 'rmsnorm' | 'layernorm'
  /** Norms before each half of a block, after it, or both. */
  readonly normPlacement: 'pre' | 'post' | 'both'
  /** Attention and MLP of a block read the same input (GPT-NeoX). */
  readonly parallelResidual: boolean
  readonly biases: Biases
  /** Rate of dropout after embedding, attention and MLP. */
  readonly dropout: number

  /** Experts of one layer. */
  readonly experts: number
  /** Experts that one token goes to. */
  readonly topK: number
  readonly expertFfn: number
  /** Experts that every token goes to, built as one MLP of `sharedFfn`. */
  readonly sharedExperts: number
  readonly sharedFfn: number
  /** The shared experts' output is weighted by a gate (Qwen2-MoE). */
  readonly sharedGate: boolean
  /** Layers with a plain MLP: so many from the first, or just these. */
  readonly denseLayers: number | readonly number[]
  /** A learned bias an expert on the router's choice (DeepSeek-V3, arXiv 2412.19437, section 2.1.2). */
  readonly routerCorrection: boolean

  /** What follows the blocks: next-token logits, BERT's masked-token head, or nothing. */
  readonly head: 'lm' | 'mlm' | 'none'
  /** A dense layer on the first token (BERT). */
  readonly pooler: boolean
  /** Outputs of a classifier. */
  readonly classes: number
}

export const families = ['llama', 'gpt2', 'bert', 'vit', 'opt', 'phi3', 'gpt_neox', 'qwen2_moe', 'gpt_oss'] as const
export type Family = (typeof families)[number]

export const activations = ['gelu', 'relu', 'silu', 'swiglu', 'geglu'] as const
export type Activation = (typeof activations)[number]

/** Which linear layers have biases; with `all` the norms, the router and the experts too. A layer norm without them has a weight only. */
export const biasChoices = ['none', 'qkv', 'attention', 'mlp', 'all'] as const
export type Biases = (typeof biasChoices)[number]

/** Does layer `layer` have experts instead of a plain MLP? */
export function isExpertLayer({ experts, denseLayers }: ModelDescription, layer: number): boolean {
  if (experts === 0) return false
  return typeof denseLayers === 'number' ? layer >= denseLayers : !denseLayers.includes(layer)
}

/** How many layers have experts. */
export function expertLayerCount({ experts, layers, denseLayers }: ModelDescription): number {
  if (experts === 0) return 0
  return layers - (typeof denseLayers === 'number' ? denseLayers : denseLayers.length)
}

/** Is there a bias on this part of a block? */
export function hasBias({ biases }: ModelDescription, part: 'qkv' | 'output' | 'mlp' | 'norm' | 'router'): boolean {
  if (biases === 'all') return true
  if (part === 'qkv') return biases === 'qkv' || biases === 'attention'
  if (part === 'output') return biases === 'attention'
  return part === 'mlp' && biases === 'mlp'
}
