import type { Activation, ModelDescription } from './description.js'

/** What a file says of a model: the sizes that nobody can guess, and anything else. */
export type ModelFields = Pick<ModelDescription, 'name' | 'layers' | 'hidden' | 'heads'> & Partial<ModelDescription>

export interface CompletedModel {
  readonly model: ModelDescription
  /** "headDim 128 (hidden / heads)": every default that was taken and matters. */
  readonly assumed: readonly string[]
}

/** Fills in what was left out, by the table below and in its order: a row may use what stands above it. */
export function completeModel(fields: ModelFields): CompletedModel {
  const filled: Partial<Record<keyof ModelDescription, unknown>> = { ...fields }
  const assumed: string[] = []
  for (const { field, value, why } of defaults) {
    if (filled[field] !== undefined) continue
    const taken = value(filled as ModelDescription)
    filled[field] = taken
    const reason = why?.(filled as ModelDescription)
    if (reason !== undefined) assumed.push(`${field} ${String(taken)} (${reason})`)
  }
  return { model: filled as ModelDescription, assumed }
}

export const isGated = (activation: Activation): boolean => activation === 'swiglu' || activation === 'geglu'

interface Default {
  readonly field: keyof ModelDescription
  value(known: ModelDescription): unknown
  /** The reason as the user reads it; absent where the default means that a rare part is missing, undefined where it does not matter. */
  why?(known: ModelDescription): string | undefined
}

const row = <Field extends keyof ModelDescription>(
  field: Field,
  value: (known: ModelDescription) => ModelDescription[Field],
  why?: Default['why'],
): Default => ({ field, value, why })

const isOld = (m: ModelDescription): boolean => !m.gatedMlp
const style = (m: ModelDescription): string => (isOld(m) ? 'plain MLP' : 'gated MLP')

/**
 * Models come in two styles: GPT-2's (layer norm, biases, learned positions, GELU; Radford et al. 2019) and Llama's (RMS norm, no biases, rotary
 * positions, SwiGLU; arXiv 2302.13971). A gated MLP tells which, where nothing else does.
 */
const defaults: readonly Default[] = [
  row('experts', () => 0),
  row(
    'gatedMlp',
    (m) => (m.activation ? isGated(m.activation) : (m.norm ?? (m.experts ? 'rmsnorm' : 'layernorm')) === 'rmsnorm'),
    (m) => (m.activation ? undefined : m.gatedMlp ? "as in Llama's style" : "as in GPT-2's style"),
  ),
  row('activation', (m) => (m.gatedMlp ? 'swiglu' : 'gelu'), style),
  row('norm', (m) => (isOld(m) ? 'layernorm' : 'rmsnorm'), style),
  row('normPlacement', () => 'pre'),
  row('imageSize', () => 0),
  row(
    'patchSize',
    (m) => (m.imageSize ? 16 : 0),
    (m) => (m.imageSize ? 'ViT, arXiv 2010.11929' : undefined),
  ),
  row('channels', (m) => (m.imageSize ? 3 : 0)),
  row(
    'vocab',
    (m) => (m.imageSize ? 0 : 50257),
    (m) => (m.imageSize ? undefined : "GPT-2's"),
  ),
  row('positions', (m) => (isOld(m) ? 'learned' : 'rope'), style),
  row('biases', (m) => (isOld(m) ? 'all' : 'none'), style),
  row(
    'seq',
    (m) => (m.imageSize ? (m.imageSize / m.patchSize) ** 2 + 1 : (m.maxPositions ?? 2048)),
    (m) => (m.imageSize || m.maxPositions === m.seq ? undefined : 'none is given'),
  ),
  row('maxPositions', (m) => (m.positions === 'learned' ? m.seq : 0)),
  row('tokenTypes', () => 0),
  row('embeddingNorm', () => false),
  row(
    'tiedEmbeddings',
    (m) => isOld(m) && m.vocab > 0,
    (m) => (m.vocab ? `as the ${isOld(m) ? 'GPT-2' : 'Llama'} style` : undefined),
  ),

  row(
    'kvHeads',
    (m) => m.heads,
    (m) => (m.attention === 'mla' || m.kvLoraRank ? undefined : 'as heads'),
  ),
  row('attention', (m) => (m.kvLoraRank ? 'mla' : m.kvHeads < m.heads ? 'gqa' : 'mha')),
  // DeepSeek-V2 and V3 use the same ranks (arXiv 2405.04434, section 3.1.2; arXiv 2412.19437, section 4.2).
  row('qLoraRank', (m) => (m.attention === 'mla' ? 1536 : 0), deepSeek),
  row('kvLoraRank', (m) => (m.attention === 'mla' ? 512 : 0), deepSeek),
  row('qkNopeHeadDim', (m) => (m.attention === 'mla' ? 128 : 0), deepSeek),
  row('qkRopeHeadDim', (m) => (m.attention === 'mla' ? 64 : 0), deepSeek),
  row('vHeadDim', (m) => (m.attention === 'mla' ? 128 : (m.headDim ?? m.hidden / m.heads)), deepSeek),
  row(
    'headDim',
    (m) => (m.attention === 'mla' ? m.qkNopeHeadDim + m.qkRopeHeadDim : m.hidden / m.heads),
    (m) => (m.attention === 'mla' ? undefined : 'hidden / heads'),
  ),
  row('qkNorm', () => false),
  row('sinks', () => false),
  row('causal', (m) => m.imageSize === 0 && m.head !== 'mlm' && !m.pooler),
  row(
    'attentionKernel',
    () => 'flash',
    () => 'FlashAttention, arXiv 2205.14135',
  ),
  row(
    'expandKv',
    () => false,
    (m) => (m.kvHeads < m.heads ? 'kernels read grouped heads' : undefined),
  ),

  row(
    'expertFfn',
    (m) => (m.experts ? (m.ffn ?? 4 * m.hidden) : 0),
    (m) => (m.experts ? (m.ffn ? 'as ffn' : '4 x hidden') : undefined),
  ),
  row(
    'topK',
    (m) => (m.experts ? Math.min(2, m.experts) : 0),
    (m) => (m.experts ? 'GShard, arXiv 2006.16668' : undefined),
  ),
  row('sharedExperts', (m) => (m.sharedFfn ? 1 : 0)),
  row('sharedFfn', (m) => m.sharedExperts * m.expertFfn),
  row('sharedGate', () => false),
  row('denseLayers', () => 0),
  row('routerCorrection', () => false),
  row(
    'ffn',
    (m) => (m.experts && m.denseLayers === 0 ? 0 : 4 * m.hidden),
    (m) => (m.ffn ? '4 x hidden' : undefined),
  ),

  row('parallelResidual', () => false),
  row(
    'dropout',
    () => 0,
    () => 'none is given',
  ),
  row('head', (m) => (m.vocab ? 'lm' : 'none')),
  row('pooler', () => false),
  row('classes', () => 0),
  row('family', (m) => (m.imageSize ? 'vit' : m.positions === 'learned' ? 'gpt2' : 'llama')),
]

function deepSeek({ attention }: ModelDescription): string | undefined {
  return attention === 'mla' ? "DeepSeek-V3's" : undefined
}
