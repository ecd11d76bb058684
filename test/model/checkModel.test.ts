import { describe, expect, test } from 'vitest'
import { Problems, type UserError } from '../../src/errors/index.js'
import { checkModel, completeModel, type ModelFields } from '../../src/model/index.js'

const sizes = { name: 'm', layers: 2, hidden: 64, heads: 4, gatedMlp: true, vocab: 100, seq: 16 }

function problemsOf(more: Partial<ModelFields>): string[] {
  const problems = new Problems()
  checkModel(completeModel({ ...sizes, ...more }).model, (field) => `#/${field}`, problems)
  try {
    problems.throwIfAny()
    return []
  } catch (error) {
    return (error as UserError).problems.map(({ code, where }) => `${code} ${where}`)
  }
}

describe('checkModel', () => {
  test('lets sound models pass', () => {
    expect(problemsOf({})).toEqual([])
    expect(problemsOf({ experts: 4, topK: 4, denseLayers: [1] })).toEqual([])
    expect(problemsOf({ attention: 'mla' })).toEqual([])
    expect(problemsOf({ hidden: 65, headDim: 16 })).toEqual([])
  })

  test.each<[string, Partial<ModelFields>, string]>([
    ['layers below 1', { layers: 0 }, 'E204 #/layers'],
    ['negative layers', { layers: -3 }, 'E204 #/layers'],
    ['absurd layers', { layers: 1e9 }, 'E204 #/layers'],
    ['absurd vocabulary', { vocab: 1e12 }, 'E204 #/vocab'],
    ['no number', { ffn: Number.NaN }, 'E204 #/ffn'],
    ['dropout above 1', { dropout: 1.5 }, 'E204 #/dropout'],
    ['more dense layers than layers', { experts: 4, denseLayers: 3 }, 'E204 #/denseLayers'],
    ['a dense layer that is none', { experts: 4, denseLayers: [0, 2] }, 'E204 #/denseLayers'],
    ['half a dense layer', { experts: 4, denseLayers: 0.5 }, 'E204 #/denseLayers'],
    ['a dense layer twice', { experts: 4, denseLayers: [1, 1] }, 'E105 #/denseLayers'],
    ['heads that do not divide hidden', { heads: 5 }, 'E105 #/heads'],
    ['kvHeads that do not divide heads', { kvHeads: 3 }, 'E105 #/kvHeads'],
    ['grouped heads called mha', { kvHeads: 2, attention: 'mha' }, 'E105 #/kvHeads'],
    ['latent attention without a rank', { attention: 'mla', kvLoraRank: 0 }, 'E105 #/kvLoraRank'],
    ['parts that do not make a head', { attention: 'mla', headDim: 100 }, 'E105 #/headDim'],
    ['a gate on a plain MLP', { activation: 'swiglu', gatedMlp: false }, 'E105 #/activation'],
    ['more choices than experts', { experts: 4, topK: 5 }, 'E105 #/topK'],
    ['no choice of experts', { experts: 4, topK: 0 }, 'E105 #/topK'],
    ['experts of no width', { experts: 4, expertFfn: 0 }, 'E105 #/expertFfn'],
    ['plain layers of no width', { ffn: 0 }, 'E105 #/ffn'],
    ['norms of heads beside norms of ranks', { attention: 'mla', qkNorm: true }, 'E105 #/qkNorm'],
    ['a gate of no experts', { sharedGate: true }, 'E105 #/sharedGate'],
    ['a pooler of a blind token', { pooler: true, causal: true }, 'E105 #/pooler'],
    ['no input', { vocab: 0 }, 'E105 #/vocab'],
    ['a sequence beyond its table', { positions: 'learned', maxPositions: 8 }, 'E105 #/seq'],
    ['patches that do not fill the image', { vocab: 0, imageSize: 224, patchSize: 15, seq: 197 }, 'E105 #/patchSize'],
    ['a sequence that is not the image', { vocab: 0, imageSize: 224, patchSize: 16, seq: 99 }, 'E105 #/seq'],
    [
      'too many parameters to count',
      { experts: 65536, expertFfn: 2 ** 24, hidden: 2 ** 20, headDim: 64, layers: 4096 },
      'E204 #/layers',
    ],
  ])('refuses %s', (_, fields, problem) => {
    expect(problemsOf(fields)).toContain(problem)
  })

  test('tells all problems at once', () => {
    expect(problemsOf({ layers: -1, vocab: -1, ffn: -1 })).toHaveLength(3)
    expect(problemsOf({ kvHeads: 3, experts: 2, topK: 9 })).toEqual(['E105 #/kvHeads', 'E105 #/topK'])
  })
})
