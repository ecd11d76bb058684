import { describe, expect, test } from 'vitest'
import { completeModel, type ModelFields } from '../../src/model/index.js'

const sizes = { name: 'm', layers: 2, hidden: 64, heads: 4 }
const of = (more: Partial<ModelFields>) => completeModel({ ...sizes, ...more })

describe('completeModel', () => {
  test('takes the style of a gated MLP from Llama', () => {
    const { model, assumed } = of({ gatedMlp: true, kvHeads: 2, vocab: 100, seq: 16 })
    expect(model).toMatchObject({
      norm: 'rmsnorm',
      activation: 'swiglu',
      positions: 'rope',
      biases: 'none',
      tiedEmbeddings: false,
      attention: 'gqa',
      headDim: 16,
      vHeadDim: 16,
      ffn: 256,
      head: 'lm',
      family: 'llama',
      maxPositions: 0,
    })
    expect(assumed).toContain('headDim 16 (hidden / heads)')
    expect(assumed).toContain('positions rope (gated MLP)')
  })

  test('takes the style of a plain MLP from GPT-2', () => {
    expect(of({ gatedMlp: false, seq: 32 }).model).toMatchObject({
      norm: 'layernorm',
      activation: 'gelu',
      positions: 'learned',
      biases: 'all',
      tiedEmbeddings: true,
      attention: 'mha',
      kvHeads: 4,
      maxPositions: 32,
      vocab: 50257,
      family: 'gpt2',
    })
  })

  test.each([
    ['an activation', { activation: 'geglu' }, true],
    ['an activation without a gate', { activation: 'relu' }, false],
    ['a norm', { norm: 'rmsnorm' }, true],
    ['experts', { experts: 4 }, true],
    ['nothing', {}, false],
  ] as const)('tells from %s whether the MLP is gated', (_, fields, isGated) => {
    expect(of(fields).model.gatedMlp).toBe(isGated)
  })

  test("gives latent attention DeepSeek-V3's ranks, and says so", () => {
    const { model, assumed } = of({ attention: 'mla', kvLoraRank: 32 })
    expect(model).toMatchObject({ qLoraRank: 1536, kvLoraRank: 32, headDim: 192, vHeadDim: 128, kvHeads: 4 })
    expect(assumed).toContain("qLoraRank 1536 (DeepSeek-V3's)")
    expect(assumed.filter((line) => line.startsWith('kvLoraRank'))).toEqual([])
    expect(of({ kvLoraRank: 32 }).model.attention).toBe('mla')
  })

  test('knows no plain MLP where every layer has experts', () => {
    expect(of({ experts: 8, expertFfn: 32 }).model).toMatchObject({ ffn: 0, topK: 2, sharedFfn: 0 })
    expect(of({ experts: 8, expertFfn: 32, denseLayers: 1, sharedExperts: 2 }).model).toMatchObject({
      ffn: 256,
      sharedFfn: 64,
    })
  })

  test('cuts an image into patches and a class token', () => {
    expect(of({ imageSize: 224, gatedMlp: false }).model).toMatchObject({
      patchSize: 16,
      channels: 3,
      vocab: 0,
      seq: 197,
      maxPositions: 197,
      causal: false,
      head: 'none',
      family: 'vit',
    })
  })

  test('assumes nothing that is given, and keeps it', () => {
    const { model } = of({ gatedMlp: true })
    expect(completeModel(model)).toEqual({ model, assumed: [] })
  })
})
