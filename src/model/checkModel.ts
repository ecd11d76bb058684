import type { Problems } from '../errors/index.js'
import { isGated } from './completeModel.js'
import type { ModelDescription } from './description.js'
import { parameterCount } from './parameterCount.js'

type Field = keyof ModelDescription

/** Where a field stands in the user's file: "config.json#/num_hidden_layers". */
export type Locate = (field: Field) => string

/** Adds a problem for every field that cannot be: out of bounds (E204), or at odds with another (E105). */
export function checkModel(model: ModelDescription, locate: Locate, problems: Problems): void {
  const before = problems.count
  checkBounds(model, locate, problems)
  if (problems.count > before) return
  for (const [field, isFine, expected] of agreements(model)) {
    if (isFine) continue
    problems.add('E105', `${field} does not agree with the rest of the model`, {
      where: locate(field),
      expected,
      found: shown(model[field]),
    })
  }
  if (problems.count > before) return
  const { total } = parameterCount(model)
  if (total > Number.MAX_SAFE_INTEGER) {
    problems.add('E204', 'the model is larger than can be counted', {
      where: locate('layers'),
      expected: `at most ${Number.MAX_SAFE_INTEGER} parameters`,
      found: String(total),
    })
  }
}

/** Least and most. The most is far beyond any model, and small enough that a wrong digit cannot exhaust memory. */
const bounds: Readonly<Partial<Record<Field, readonly [number, number]>>> = {
  layers: [1, 4096],
  hidden: [1, 2 ** 20],
  heads: [1, 2 ** 16],
  kvHeads: [1, 2 ** 16],
  headDim: [1, 2 ** 16],
  vHeadDim: [1, 2 ** 16],
  qLoraRank: [0, 2 ** 20],
  kvLoraRank: [0, 2 ** 20],
  qkNopeHeadDim: [0, 2 ** 16],
  qkRopeHeadDim: [0, 2 ** 16],
  ffn: [0, 2 ** 24],
  expertFfn: [0, 2 ** 24],
  sharedFfn: [0, 2 ** 24],
  experts: [0, 2 ** 16],
  sharedExperts: [0, 2 ** 16],
  topK: [0, 2 ** 16],
  vocab: [0, 2 ** 28],
  seq: [1, 2 ** 30],
  maxPositions: [0, 2 ** 30],
  tokenTypes: [0, 2 ** 16],
  imageSize: [0, 2 ** 16],
  patchSize: [0, 2 ** 16],
  channels: [0, 2 ** 16],
  classes: [0, 2 ** 24],
}

function checkBounds(model: ModelDescription, locate: Locate, problems: Problems): void {
  const refuse = (field: Field, least: number, most: number, found: unknown) => {
    const expected = `from ${least} to ${most}`
    problems.add('E204', `${field} is impossible`, { where: locate(field), expected, found: String(found) })
  }
  for (const [field, [least, most]] of Object.entries(bounds) as [Field, readonly [number, number]][]) {
    const value = model[field] as number
    if (!(value >= least && value <= most)) refuse(field, least, most, value)
  }
  if (!(model.dropout >= 0 && model.dropout <= 1)) refuse('dropout', 0, 1, model.dropout)
  if (!(model.layers >= 1)) return
  const dense = typeof model.denseLayers === 'number' ? [model.denseLayers] : model.denseLayers
  const last = typeof model.denseLayers === 'number' ? model.layers : model.layers - 1
  const wrong = dense.find((layer) => !(Number.isInteger(layer) && layer >= 0 && layer <= last))
  if (wrong !== undefined) refuse('denseLayers', 0, last, wrong)
}

/** [the field to blame, is it fine, what it should be]. */
function agreements(m: ModelDescription): (readonly [Field, boolean, string])[] {
  const latent = m.attention === 'mla'
  const hasPlainMlp = m.experts === 0 || (typeof m.denseLayers === 'number' ? m.denseLayers : m.denseLayers.length) > 0
  const patches = (m.imageSize / m.patchSize) ** 2 + 1
  return [
    ['heads', Number.isInteger(m.headDim), `a divisor of hidden, ${m.hidden}, or headDim beside it`],
    ['kvHeads', m.heads % m.kvHeads === 0, `a divisor of heads, ${m.heads}`],
    ['kvHeads', m.attention !== 'mha' || m.kvHeads === m.heads, `${m.heads}, as heads, with attention mha`],
    ['kvLoraRank', !latent || m.kvLoraRank > 0, 'a rank, with attention mla'],
    ['headDim', !latent || m.headDim === m.qkNopeHeadDim + m.qkRopeHeadDim, 'qkNopeHeadDim + qkRopeHeadDim'],
    ['qkNorm', !latent || !m.qkNorm, 'false: attention mla norms its ranks'],
    ['activation', !isGated(m.activation) || m.gatedMlp, 'gelu, relu or silu, with gatedMlp false'],
    ['ffn', !hasPlainMlp || m.ffn > 0, 'a width, for layers without experts'],
    ['topK', m.experts === 0 || (m.topK >= 1 && m.topK <= m.experts), `from 1 to the ${m.experts} experts`],
    ['expertFfn', m.experts === 0 || m.expertFfn > 0, 'a width'],
    ['sharedFfn', m.sharedExperts === 0 || m.sharedFfn > 0, 'a width'],
    ['denseLayers', typeof m.denseLayers === 'number' || isSet(m.denseLayers), 'each layer once'],
    ['sharedGate', !m.sharedGate || m.sharedFfn > 0, 'false, without shared experts'],
    ['pooler', !m.pooler || !m.causal, 'false: the first token of a causal model sees itself only'],
    ['vocab', m.vocab > 0 || m.imageSize > 0, 'the number of tokens, or imageSize'],
    ['head', m.vocab > 0 || m.head === 'none', 'none, without a vocabulary'],
    [
      'seq',
      m.positions !== 'learned' || m.imageSize > 0 || m.seq <= m.maxPositions,
      `at most ${m.maxPositions} positions`,
    ],
    ['patchSize', m.imageSize === 0 || m.imageSize % m.patchSize === 0, `a divisor of imageSize, ${m.imageSize}`],
    ['seq', m.imageSize === 0 || m.seq === patches, `${patches}: the patches and the class token`],
  ]
}

function isSet(list: readonly number[]): boolean {
  return new Set(list).size === list.length
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
