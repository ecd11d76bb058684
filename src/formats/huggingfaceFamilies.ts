import type { ModelFields } from '../model/index.js'
import type { ConfigFields } from './huggingfaceFields.js'
import { deepSeek, encoder, llamaLike, qwenExperts, type Sizes } from './huggingfaceParts.js'

/** One `model_type` of Hugging Face transformers. A new one is one entry below. */
export interface HuggingFaceFamily {
  /** Its classes are called so: LlamaForCausalLM. */
  readonly classes: string
  /** What differs from `decoder` (RMS norm, rotary positions, gated MLP, no biases). Defaults are those of the configuration class in transformers 5.18. */
  read(c: ConfigFields, sizes: Sizes): Partial<ModelFields>
  /** What the graph leaves out, for the user to know. */
  readonly leavesOut?: string
}

const llama: HuggingFaceFamily = {
  classes: 'Llama',
  read(c, sizes) {
    const [attention, mlp] = [c.flag('attention_bias', false), c.flag('mlp_bias', false)]
    if (attention) c.only('mlp_bias', [false], 'biases of attention and MLP together are those of older families')
    return {
      ...llamaLike(c, sizes, { vocab: 32000, ffn: 11008, seq: 2048 }),
      biases: attention ? 'attention' : mlp ? 'mlp' : 'none',
    }
  },
}

const qwen3Defaults = { vocab: 151936, ffn: 22016, seq: 32768, kvHeads: 32, headDim: 128 }
const geluTanh = 'gelu_pytorch_tanh'
const softCapping = 'soft-capping of scores and logits, scaling of embeddings'

/** By `model_type`. Window sizes are noted by the reader: every pair of tokens is counted. */
export const huggingFaceFamilies: Readonly<Record<string, HuggingFaceFamily>> = {
  llama,
  mistral: {
    classes: 'Mistral',
    read: (c, sizes) => llamaLike(c, sizes, { vocab: 32000, ffn: 14336, seq: 131072, kvHeads: 8 }),
  },
  mixtral: {
    classes: 'Mixtral',
    read(c, sizes) {
      const shared = llamaLike(c, sizes, { vocab: 32000, ffn: 14336, seq: 131072, kvHeads: 8 })
      return { ...shared, ffn: 0, experts: c.size('experts', 8), topK: c.size('topK', 2), expertFfn: shared.ffn }
    },
  },
  qwen2: {
    classes: 'Qwen2',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, { vocab: 151936, ffn: 22016, seq: 32768, kvHeads: 32 }),
      biases: 'qkv',
    }),
  },
  qwen2_moe: {
    classes: 'Qwen2Moe',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, { vocab: 151936, ffn: 5632, seq: 32768, kvHeads: 16 }),
      ...qwenExperts(c, sizes, { experts: 60, topK: 4, expertFfn: 1408 }),
      family: 'qwen2_moe',
      biases: c.flag('qkv_bias', true) ? 'qkv' : 'none',
      sharedExperts: 1,
      sharedFfn: c.size('sharedFfn', 5632),
      sharedGate: true,
    }),
  },
  qwen3: {
    classes: 'Qwen3',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, qwen3Defaults),
      biases: c.flag('attention_bias', false) ? 'attention' : 'none',
      qkNorm: true,
    }),
  },
  qwen3_moe: {
    classes: 'Qwen3Moe',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, { vocab: 151936, ffn: 6144, seq: 32768, kvHeads: 4 }),
      ...qwenExperts(c, sizes, { experts: 128, topK: 8, expertFfn: 768 }),
      biases: c.flag('attention_bias', false) ? 'attention' : 'none',
      qkNorm: true,
    }),
  },
  deepseek_v2: {
    classes: 'DeepseekV2',
    read: (c, sizes) =>
      deepSeek(c, sizes, {
        ...{ vocab: 102400, ffn: 11008, seq: 2048 },
        ...{ experts: 64, topK: 6, expertFfn: 1407, shared: 2, first: 0 },
      }),
  },
  deepseek_v3: {
    classes: 'DeepseekV3',
    read: (c, sizes) => ({
      ...deepSeek(c, sizes, {
        ...{ vocab: 129280, ffn: 18432, seq: 4096 },
        ...{ experts: 256, topK: 8, expertFfn: 2048, shared: 1, first: 3 },
      }),
      routerCorrection: true,
    }),
    leavesOut: 'the layers of multi-token prediction',
  },
  gemma: {
    classes: 'Gemma',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, {
        vocab: 256000,
        ffn: 24576,
        seq: 8192,
        kvHeads: 16,
        headDim: 256,
        tied: true,
        act: geluTanh,
      }),
      biases: c.flag('attention_bias', false) ? 'attention' : 'none',
    }),
    leavesOut: 'scaling of embeddings',
  },
  gemma2: {
    classes: 'Gemma2',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, {
        vocab: 256000,
        ffn: 9216,
        seq: 8192,
        kvHeads: 4,
        headDim: 256,
        tied: true,
        act: geluTanh,
      }),
      normPlacement: 'both',
      biases: c.flag('attention_bias', false) ? 'attention' : 'none',
    }),
    leavesOut: softCapping,
  },
  gemma3_text: {
    classes: 'Gemma3',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, {
        vocab: 262208,
        ffn: 9216,
        seq: 131072,
        kvHeads: 4,
        headDim: 256,
        tied: true,
        act: geluTanh,
      }),
      normPlacement: 'both',
      qkNorm: true,
      biases: c.flag('attention_bias', false) ? 'attention' : 'none',
    }),
    leavesOut: softCapping,
  },
  phi3: {
    classes: 'Phi3',
    read: (c, sizes) => ({
      ...llamaLike(c, sizes, { vocab: 32064, ffn: 8192, seq: 4096 }),
      family: 'phi3',
      dropout: c.rate('dropout', 0),
    }),
  },
  gpt_oss: {
    classes: 'GptOss',
    read(c, sizes) {
      const shared = llamaLike(c, sizes, { vocab: 201088, ffn: 2880, seq: 131072, kvHeads: 8, headDim: 64 })
      c.only('attention_bias', [true], 'experts have biases whatever attention has')
      return {
        ...shared,
        family: 'gpt_oss',
        ffn: 0,
        biases: 'all',
        sinks: true,
        experts: c.size('experts', 128),
        topK: c.size('topK', 4),
        expertFfn: shared.ffn,
      }
    },
  },
  gpt2: {
    classes: 'GPT2',
    read(c, { hidden }) {
      const seq = c.size('maxPositions', 1024)
      return {
        ...encoder,
        family: 'gpt2',
        causal: true,
        vocab: c.size('vocab', 50257),
        seq,
        maxPositions: seq,
        ffn: c.isSet('n_inner') ? c.size('ffn', 0) : 4 * hidden,
        activation: c.activation('gelu_new', false),
        tiedEmbeddings: c.flag('tiedEmbeddings', true),
        dropout: c.rate('dropout', 0.1),
      }
    },
  },
  gpt_neox: {
    classes: 'GPTNeoX',
    read(c) {
      c.only('attention_bias', [true], 'the MLP has biases whatever attention has')
      return {
        ...encoder,
        family: 'gpt_neox',
        causal: true,
        positions: 'rope',
        vocab: c.size('vocab', 50432),
        seq: c.size('maxPositions', 2048),
        ffn: c.size('ffn', 24576),
        activation: c.activation('gelu', false),
        tiedEmbeddings: c.flag('tiedEmbeddings', false),
        parallelResidual: c.flag('parallelResidual', true),
        dropout: c.rate('dropout', 0),
      }
    },
  },
  opt: {
    classes: 'OPT',
    read(c, { hidden }) {
      c.only('do_layer_norm_before', [true], 'only OPT-350M puts its norms last')
      c.only('word_embed_proj_dim', [hidden], 'embeddings of another width need a projection')
      c.only('enable_bias', [true], 'norms and linear layers share one setting here')
      c.only('layer_norm_elementwise_affine', [true], 'norms without weights')
      c.only('_remove_final_layer_norm', [false], 'a last norm follows norms that stand first')
      const seq = c.size('maxPositions', 2048)
      return {
        ...encoder,
        family: 'opt',
        causal: true,
        vocab: c.size('vocab', 50272),
        seq,
        // Two rows stand before the first position (transformers, OPTLearnedPositionalEmbedding).
        maxPositions: seq + 2,
        ffn: c.size('ffn', 3072),
        activation: c.activation('relu', false),
        tiedEmbeddings: c.flag('tiedEmbeddings', true),
        dropout: c.rate('dropout', 0.1),
      }
    },
  },
  bert: {
    classes: 'Bert',
    read(c) {
      c.only('position_embedding_type', ['absolute'], 'relative positions have tables of their own')
      const seq = c.size('maxPositions', 512)
      return {
        ...encoder,
        family: 'bert',
        causal: false,
        normPlacement: 'post',
        embeddingNorm: true,
        vocab: c.size('vocab', 30522),
        seq,
        maxPositions: seq,
        tokenTypes: c.size('tokenTypes', 2),
        ffn: c.size('ffn', 3072),
        activation: c.activation('gelu', false),
        tiedEmbeddings: c.flag('tiedEmbeddings', true),
        dropout: c.rate('dropout', 0.1),
      }
    },
  },
  vit: {
    classes: 'ViT',
    read(c) {
      c.only('qkv_bias', [true], 'the other layers have biases all the same')
      const [imageSize, patchSize] = [c.size('imageSize', 224), c.size('patchSize', 16)]
      const seq = (imageSize / patchSize) ** 2 + 1
      return {
        ...encoder,
        family: 'vit',
        causal: false,
        vocab: 0,
        imageSize,
        patchSize,
        channels: c.size('channels', 3),
        seq,
        maxPositions: seq,
        ffn: c.size('ffn', 3072),
        activation: c.activation('gelu', false),
        tiedEmbeddings: false,
        dropout: c.rate('dropout', 0),
      }
    },
  },
}
