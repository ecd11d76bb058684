import type { Problems } from '../errors/index.js'
import type { Activation, ModelDescription } from '../model/index.js'
import { shown } from './fields.js'

type Field = keyof ModelDescription

/** Keys of a config.json by our field; the first that is present counts. GPT-2 has names of its own, later models copy Llama's. */
const keys = {
  layers: ['num_hidden_layers', 'n_layer'],
  hidden: ['hidden_size', 'n_embd'],
  heads: ['num_attention_heads', 'n_head'],
  kvHeads: ['num_key_value_heads'],
  headDim: ['head_dim'],
  ffn: ['intermediate_size', 'n_inner', 'ffn_dim'],
  vocab: ['vocab_size'],
  maxPositions: ['max_position_embeddings', 'n_positions', 'n_ctx'],
  tokenTypes: ['type_vocab_size'],
  tiedEmbeddings: ['tie_word_embeddings'],
  imageSize: ['image_size'],
  patchSize: ['patch_size'],
  channels: ['num_channels'],
  qLoraRank: ['q_lora_rank'],
  kvLoraRank: ['kv_lora_rank'],
  qkNopeHeadDim: ['qk_nope_head_dim'],
  qkRopeHeadDim: ['qk_rope_head_dim'],
  vHeadDim: ['v_head_dim'],
  experts: ['num_experts', 'num_local_experts', 'n_routed_experts'],
  topK: ['num_experts_per_tok', 'num_experts_per_token', 'experts_per_token'],
  expertFfn: ['moe_intermediate_size', 'intermediate_size'],
  sharedExperts: ['n_shared_experts'],
  sharedFfn: ['shared_expert_intermediate_size'],
  denseLayers: ['first_k_dense_replace', 'mlp_only_layers'],
  activation: ['hidden_act', 'hidden_activation', 'activation_function'],
  dropout: ['hidden_dropout_prob', 'resid_pdrop', 'dropout', 'hidden_dropout'],
  parallelResidual: ['use_parallel_residual'],
  classes: ['num_labels'],
} as const satisfies Partial<Record<Field, readonly string[]>>

export type ConfigField = keyof typeof keys

/** Reads a config.json field by field: wrong types are E105 at their pointer, defaults are noted as Hugging Face's own. */
export interface ConfigFields {
  /** A size that must be there. 0 when it is not, after adding the problem. */
  required(field: ConfigField): number
  /** A size; `absent` is the class's default, `none` what null means to the class. */
  size(field: ConfigField | (string & {}), absent: number, none?: number): number
  rate(field: ConfigField, absent: number): number
  flag(key: ConfigField | (string & {}), absent: boolean): boolean
  activation(absent: string, isGated: boolean): Activation
  layerList(key: string): readonly number[]
  /** Refuses settings that the graph cannot show: `key` must hold one of `values`, or be absent. */
  only(key: string, values: readonly unknown[], why: string): void
  /** Outputs of a classifier: `num_labels`, or as many as `id2label` names; 2 in either's absence. */
  labels(): number
  /** Is the key there, with a value that is not null, false or 0? */
  isSet(key: string): boolean
  pointer(field: Field): string
}

export function configFields(
  config: Readonly<Record<string, unknown>>,
  configClass: string,
  assumed: string[],
  problems: Problems,
  where: string,
): ConfigFields {
  const keyOf = (field: string): string => {
    const list: readonly string[] = keys[field as ConfigField] ?? [field]
    return list.find((key) => Object.hasOwn(config, key)) ?? list[0]
  }
  const wrong = (key: string, expected: string) => {
    const found = shown(config[key])
    problems.add('E105', `${key} is wrong`, { where: `${where}#/${key}`, expected, found })
  }
  /** The value, or undefined where the key is absent and the class's default is taken. */
  const present = (key: string, absent: unknown): unknown => {
    if (config[key] !== undefined) return config[key]
    assumed.push(`${key} ${String(absent)} (${configClass})`)
    return undefined
  }
  const number = (field: string, absent: number, none: number, expected: string, fits: (n: number) => boolean) => {
    const key = keyOf(field)
    const value = present(key, absent)
    if (value === undefined) return absent
    if (value === null) return none
    if (typeof value === 'number' && fits(value)) return value
    wrong(key, expected)
    return absent
  }
  return {
    required(field) {
      const key = keyOf(field)
      const value = config[key]
      if (typeof value === 'number' && Number.isInteger(value)) return value
      wrong(key, 'an integer')
      return 0
    },
    size: (field, absent, none = absent) => number(field, absent, none, 'an integer', Number.isInteger),
    rate: (field, absent) => number(field, absent, 0, 'a number', Number.isFinite),
    flag(field, absent) {
      const key = keyOf(field)
      const value = present(key, absent) ?? absent
      if (typeof value !== 'boolean') wrong(key, 'true or false')
      return value === true
    },
    activation(absent, isGated) {
      const key = keyOf('activation')
      const name = present(key, absent) ?? absent
      const known = typeof name === 'string' && Object.hasOwn(kernels, name) ? kernels[name] : undefined
      if (!known) wrong(key, `one of ${Object.keys(kernels).join(', ')}`)
      return gate(known ?? 'gelu', isGated)
    },
    layerList(key) {
      const value = config[key] ?? []
      if (Array.isArray(value) && value.every(Number.isInteger)) return value as number[]
      wrong(key, 'a list of layers')
      return []
    },
    only(key, values, why) {
      const value = config[key]
      if (value === undefined || value === null || values.includes(value)) return
      const fix = `${why}; describe the model as a stowage.model instead`
      const found = shown(value)
      const expected = values.map((each) => JSON.stringify(each)).join(' or ')
      problems.add('E105', `${key} is not modelled`, { where: `${where}#/${key}`, expected, found, fix })
    },
    labels() {
      const names = config.id2label
      if (config.num_labels === undefined && typeof names === 'object' && names !== null)
        return Object.keys(names).length
      return number('classes', 2, 2, 'an integer', Number.isInteger)
    },
    isSet: (key) => Boolean(config[key]),
    pointer: (field) => `${where}#/${keyOf(field)}`,
  }
}

/** Names of transformers.activations that mean the same arithmetic here. */
const kernels: Readonly<Record<string, 'gelu' | 'relu' | 'silu'>> = {
  gelu: 'gelu',
  gelu_new: 'gelu',
  gelu_fast: 'gelu',
  gelu_python: 'gelu',
  gelu_pytorch_tanh: 'gelu',
  quick_gelu: 'gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
}

function gate(kernel: 'gelu' | 'relu' | 'silu', isGated: boolean): Activation {
  if (!isGated || kernel === 'relu') return kernel
  return kernel === 'silu' ? 'swiglu' : 'geglu'
}
