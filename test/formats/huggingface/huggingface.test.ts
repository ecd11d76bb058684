import { describe, expect, test } from 'vitest'
import { UserError } from '../../../src/errors/index.js'
import { detectFormat } from '../../../src/formats/detect.js'
import { readHuggingFace } from '../../../src/formats/huggingface.js'
import { bytesSource } from '../../../src/formats/source.js'
import { parameterCount } from '../../../src/model/index.js'

/** The published file of Meta-Llama-3-8B, as transformers 4.40 wrote it. */
const llama3 = {
  architectures: ['LlamaForCausalLM'],
  attention_bias: false,
  attention_dropout: 0.0,
  bos_token_id: 128000,
  eos_token_id: 128001,
  hidden_act: 'silu',
  hidden_size: 4096,
  initializer_range: 0.02,
  intermediate_size: 14336,
  max_position_embeddings: 8192,
  model_type: 'llama',
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 500000.0,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  transformers_version: '4.40.0.dev0',
  use_cache: true,
  vocab_size: 128256,
}

const read = (config: unknown) => readHuggingFace(config, 'config.json', 'given')

function problemsOf(config: unknown): { code: string; where?: string; fix?: string }[] {
  try {
    read(config)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [...error.problems]
  }
}

describe('readHuggingFace', () => {
  test('reads the file of Llama 3 8B to its 8,030,261,248 parameters', () => {
    const { model, dtype, assumed } = read(llama3)
    expect(parameterCount(model).total).toBe(8_030_261_248)
    expect(model).toMatchObject({ name: 'given', attention: 'gqa', headDim: 128, seq: 8192, biases: 'none' })
    expect(dtype).toBe('bf16')
    // Of what it reads, that file left out one field only.
    expect(assumed).toEqual(['mlp_bias false (LlamaConfig)'])
  })

  test('is known by its content, whatever the name', () => {
    const source = (value: object) => bytesSource('x.txt', new TextEncoder().encode(JSON.stringify(value)))
    expect(detectFormat(source(llama3))).toBe('huggingface')
    expect(detectFormat(source({ architectures: ['GPT2LMHeadModel'], n_layer: 1 }))).toBe('huggingface')
    expect(detectFormat(source({ kind: 'stowage.model', model_type: 'llama' }))).toBe('stowage.model')
    expect(detectFormat(source({ layers: 2, hidden: 8, heads: 2, experts: 4 }))).toBe('stowage.model')
  })

  test("takes a class's own defaults for what is absent, and says so", () => {
    const config = { model_type: 'mistral', hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32 }
    const { model, assumed, dtype } = read(config)
    expect(model).toMatchObject({ kvHeads: 8, ffn: 14336, vocab: 32000, seq: 131072, head: 'lm' })
    expect(dtype).toBe('fp32')
    expect(assumed).toEqual(
      expect.arrayContaining([
        'num_key_value_heads 8 (MistralConfig)',
        'architectures MistralForCausalLM (none is given)',
        'dtype float32 (none is given)',
      ]),
    )
    expect(read({ ...config, num_key_value_heads: null }).model).toMatchObject({ kvHeads: 32, attention: 'mha' })
  })

  test('tells the family of an old file from its class', () => {
    const gpt2 = { n_layer: 2, n_embd: 64, n_head: 4 }
    expect(read({ ...gpt2, architectures: ['GPT2LMHeadModel'] }).model).toMatchObject({ family: 'gpt2', head: 'lm' })
    const moe = { hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2 }
    expect(read({ ...moe, architectures: ['Qwen2MoeForCausalLM'] }).model.experts).toBe(60)
    expect(read({ ...moe, architectures: ['Qwen2ForCausalLM'] }).model.experts).toBe(0)
  })

  test('names the model after its path', () => {
    expect(read({ ...llama3, _name_or_path: 'meta-llama/Meta-Llama-3-8B/' }).model.name).toBe('Meta-Llama-3-8B')
    expect(read({ ...llama3, _name_or_path: '' }).model.name).toBe('given')
  })

  test('counts the outputs of a classifier', () => {
    const classifier = { ...llama3, architectures: ['LlamaForSequenceClassification'] }
    expect(read(classifier).model).toMatchObject({ head: 'none', classes: 2 })
    expect(read({ ...classifier, num_labels: 5 }).model.classes).toBe(5)
    expect(read({ ...classifier, id2label: { 0: 'a', 1: 'b', 2: 'c' } }).model.classes).toBe(3)
  })

  test('null switches off compressed queries, absence does not', () => {
    const config = { ...llama3, model_type: 'deepseek_v2', architectures: ['DeepseekV2ForCausalLM'], kv_lora_rank: 512 }
    expect(read(config).model.qLoraRank).toBe(1536)
    expect(read({ ...config, q_lora_rank: null }).model.qLoraRank).toBe(0)
    expect(read({ ...config, first_k_dense_replace: 1, moe_layer_freq: 2 }).model.denseLayers).toEqual([
      0,
      ...Array.from({ length: 16 }, (_, i) => 2 * i + 1),
    ])
  })

  test('remarks on what the graph leaves out', () => {
    expect(read({ ...llama3, quantization_config: { bits: 4 } }).warnings).toEqual([
      expect.stringContaining('quantization'),
    ])
    expect(read({ ...llama3, model_type: 'mistral', sliding_window: 4096 }).warnings).toEqual([
      expect.stringContaining('sliding_window 4096'),
    ])
    expect(read({ ...llama3, model_type: 'qwen2', sliding_window: 4096, use_sliding_window: false }).warnings).toEqual(
      [],
    )
  })
})

describe('refuses', () => {
  test.each<[string, object, string]>([
    ['a missing size', { hidden_size: undefined }, 'E105 config.json#/hidden_size'],
    ['a size that is null', { num_hidden_layers: null }, 'E105 config.json#/num_hidden_layers'],
    ['half a head', { num_attention_heads: 1.5 }, 'E105 config.json#/num_attention_heads'],
    ['a word for a size', { intermediate_size: 'big' }, 'E105 config.json#/intermediate_size'],
    ['a word for a switch', { tie_word_embeddings: 'no' }, 'E105 config.json#/tie_word_embeddings'],
    ['an unknown activation', { hidden_act: 'xielu' }, 'E105 config.json#/hidden_act'],
    ['heads that do not divide hidden', { num_attention_heads: 24 }, 'E105 config.json#/num_attention_heads'],
    ['groups that do not divide heads', { num_key_value_heads: 5 }, 'E105 config.json#/num_key_value_heads'],
    ['negative layers', { num_hidden_layers: -2 }, 'E204 config.json#/num_hidden_layers'],
    ['absurd layers', { num_hidden_layers: 1e9 }, 'E204 config.json#/num_hidden_layers'],
    ['an absurd width', { hidden_size: 2 ** 40 }, 'E204 config.json#/hidden_size'],
    ['biases on both sides', { attention_bias: true, mlp_bias: true }, 'E105 config.json#/mlp_bias'],
    ['another task', { architectures: ['LlamaForTokenClassification'] }, 'E105 config.json#/architectures/0'],
  ])('%s', (_, change, problem) => {
    expect(problemsOf({ ...llama3, ...change }).map(({ code, where }) => `${code} ${where}`)).toContain(problem)
  })

  test('more choices than experts, at the key that the file uses', () => {
    const moe = { ...llama3, model_type: 'mixtral', architectures: ['MixtralForCausalLM'] }
    const [problem] = problemsOf({ ...moe, num_local_experts: 4, num_experts_per_tok: 8 })
    expect(problem).toMatchObject({ code: 'E105', where: 'config.json#/num_experts_per_tok' })
    expect(problemsOf({ ...moe, num_local_experts: -4 })[0].where).toBe('config.json#/num_local_experts')
  })

  test('an unknown architecture, with those like it', () => {
    expect(problemsOf({ ...llama3, model_type: 'qwen3_mo' })[0]).toMatchObject({
      code: 'E105',
      where: 'config.json#/model_type',
      fix: expect.stringContaining('qwen3_moe'),
    })
    expect(problemsOf({ architectures: ['T5ForConditionalGeneration'] })[0]).toMatchObject({
      where: 'config.json#/architectures/0',
    })
    expect(problemsOf({ model_type: 'mllama_vision_text', text_config: {} })[0].fix).toBeTruthy()
    expect(problemsOf({ model_type: '__proto__' })[0].code).toBe('E105')
  })

  test.each([[[]], ['text'], [null], [3]])('%j, which is no object', (value) => {
    expect(problemsOf(value)[0].code).toBe('E105')
  })

  test.each([
    ['bert', { position_embedding_type: 'relative_key' }],
    ['vit', { qkv_bias: false }],
    ['opt', { word_embed_proj_dim: 512 }],
    ['gpt_neox', { attention_bias: false }],
    ['gpt_oss', { attention_bias: false }],
  ])('what the graph of %s cannot show: %j', (model_type, setting) => {
    const config = { hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, vocab_size: 99, model_type }
    expect(problemsOf({ ...config, ...setting }).map(({ where }) => where)).toContain(
      `config.json#/${Object.keys(setting)[0]}`,
    )
  })
})

test('a value nested deeper than a call stack is still only a wrong field', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  const [problem] = problemsOf({ model_type: 'llama', hidden_size: deep })
  expect(problem.code).toBe('E105')
})
