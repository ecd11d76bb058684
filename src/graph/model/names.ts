import type { Family, ModelDescription } from '../../model/index.js'

/** Module names of one family in Hugging Face transformers (5.18), so that a plan names what a launcher will find. */
export interface ModuleNames {
  /** Before everything but the heads, when there is a head. */
  readonly root: string
  readonly tokens: string
  readonly positions: string
  readonly layer: string
  readonly attention: string
  /** One projection for queries, keys and values, or one each. */
  readonly qkv: string | readonly [string, string, string]
  readonly output: string
  readonly mlp: string
  /** Gate and up projection in one, where it is so. */
  readonly gateUp?: string
  readonly gate: string
  readonly up: string
  readonly down: string
  /** In order of execution; four when norms stand on both sides. */
  readonly norms: readonly string[]
  readonly lastNorm: string
  readonly router: string
  readonly shared: string
  readonly head: string
  readonly classifier: string
}

export function moduleNames({ family, head, classes }: ModelDescription): ModuleNames {
  const own = others[family]
  // A family that never had norms on both sides borrows names for the other two.
  const norms = [...(own.norms ?? []), ...llama.norms.slice(own.norms?.length ?? 0)]
  const names: ModuleNames = { ...llama, ...own, norms }
  // The bare model classes have no wrapper to name.
  return head === 'none' && classes === 0 ? { ...names, root: names.root.replace(/^[^.]*\./, '') } : names
}

const llama: ModuleNames = {
  root: 'model.',
  tokens: 'embed_tokens',
  positions: 'embed_positions',
  layer: 'layers',
  attention: 'self_attn',
  qkv: ['q_proj', 'k_proj', 'v_proj'],
  output: 'o_proj',
  mlp: 'mlp.',
  gate: 'gate_proj',
  up: 'up_proj',
  down: 'down_proj',
  norms: ['input_layernorm', 'post_attention_layernorm', 'pre_feedforward_layernorm', 'post_feedforward_layernorm'],
  lastNorm: 'norm',
  router: 'gate',
  shared: 'shared_experts',
  head: 'lm_head',
  classifier: 'score',
}

const others: Readonly<Record<Family, Partial<ModuleNames>>> = {
  llama: {},
  qwen2_moe: { shared: 'shared_expert' },
  gpt_oss: { router: 'router' },
  phi3: { qkv: 'qkv_proj', gateUp: 'gate_up_proj' },
  gpt2: {
    root: 'transformer.',
    tokens: 'wte',
    positions: 'wpe',
    layer: 'h',
    attention: 'attn',
    qkv: 'c_attn',
    output: 'c_proj',
    up: 'c_fc',
    down: 'c_proj',
    norms: ['ln_1', 'ln_2'],
    lastNorm: 'ln_f',
  },
  opt: {
    root: 'model.decoder.',
    output: 'out_proj',
    mlp: '',
    up: 'fc1',
    down: 'fc2',
    norms: ['self_attn_layer_norm', 'final_layer_norm'],
    lastNorm: 'final_layer_norm',
  },
  gpt_neox: {
    root: 'gpt_neox.',
    tokens: 'embed_in',
    attention: 'attention',
    qkv: 'query_key_value',
    output: 'dense',
    up: 'dense_h_to_4h',
    down: 'dense_4h_to_h',
    lastNorm: 'final_layer_norm',
  },
  bert: {
    root: 'bert.',
    tokens: 'embeddings.word_embeddings',
    positions: 'embeddings.position_embeddings',
    layer: 'encoder.layer',
    attention: 'attention',
    qkv: ['self.query', 'self.key', 'self.value'],
    output: 'output.dense',
    mlp: '',
    up: 'intermediate.dense',
    down: 'output.dense',
    norms: ['attention.output.LayerNorm', 'output.LayerNorm'],
    head: 'cls.predictions.decoder',
    classifier: 'classifier',
  },
  vit: {
    root: 'vit.',
    positions: 'embeddings.position_embeddings',
    attention: 'attention',
    up: 'fc1',
    down: 'fc2',
    norms: ['layernorm_before', 'layernorm_after'],
    lastNorm: 'layernorm',
    classifier: 'classifier',
  },
}
