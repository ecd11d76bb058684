import { describe, expect, test } from 'vitest'
import {
  type ActivationOptions,
  activationBytes,
  embeddingBytes,
  headBytes,
} from '../../../src/cost/trainingMemory/index.js'
import { completeModel } from '../../../src/model/index.js'
import { gpt, gpt22B, gpt175B, gpt530B } from './models.js'

const alone: ActivationOptions = {
  tokensPerRank: 4 * 2048,
  batch: 4,
  tp: 1,
  sequenceParallel: false,
  cp: 1,
  ep: 1,
  recompute: 'none',
  precision: 'bf16',
}
const s = 2048
const sb = 4 * s

describe('formulas of Korthikanti et al., arXiv 2205.05198', () => {
  const total = (options: Partial<ActivationOptions>, model = gpt22B) =>
    activationBytes(model, 'dense', { ...alone, ...options }).total

  test.each([gpt22B, gpt175B, gpt530B])('table 2, $hidden wide', (model) => {
    const { hidden: h, heads: a } = model
    const t = 8
    const scores = (5 * a * s) / h
    expect(total({}, model)).toBeCloseTo(sb * h * (34 + scores), 0)
    expect(total({ tp: t }, model)).toBeCloseTo(sb * h * (10 + 24 / t + scores / t), 0)
    expect(total({ tp: t, sequenceParallel: true }, model)).toBeCloseTo((sb * h * (34 + scores)) / t, 0)
    expect(total({ tp: t, recompute: 'selective' }, model)).toBeCloseTo(sb * h * (10 + 24 / t), 0)
    expect(total({ tp: t, sequenceParallel: true, recompute: 'selective' }, model)).toBeCloseTo((sb * h * 34) / t, 0)
    expect(total({ recompute: 'full' }, model)).toBe(2 * sb * h)
    expect(total({ tp: t, sequenceParallel: true, recompute: 'full' }, model)).toBe((2 * sb * h) / t)
  })

  test.each([
    [gpt175B, 0.7],
    [gpt530B, 0.65],
  ])('section 5: recomputing attention alone saves 70 % at 175B and 65 % at 530B', (model, saved) => {
    expect(1 - total({ recompute: 'selective' }, model) / total({}, model)).toBeCloseTo(saved, 2)
  })

  test('section 6.1: sequence parallelism and selective recompute take the 22B, 175B and 530B models to a fifth', () => {
    for (const model of [gpt22B, gpt175B, gpt530B]) {
      const share = total({ tp: 8, sequenceParallel: true, recompute: 'selective' }, model) / total({ tp: 8 }, model)
      expect(share).toBeGreaterThan(0.15)
      expect(share).toBeLessThan(0.22)
    }
  })

  test('without dropout 32 + 4as/h', () => {
    const model = gpt({ layers: 1, hidden: 4096, heads: 32, dropout: 0 })
    expect(total({}, model)).toBeCloseTo(sb * 4096 * (32 + (4 * 32 * s) / 4096), 0)
  })

  test('head and embedding, section 4.3', () => {
    const { hidden: h, vocab: v } = gpt22B
    const { inputs, logits } = headBytes(gpt22B, { tokensPerRank: sb, tp: 8, sequenceParallel: true })
    expect(inputs + logits).toBeCloseTo(((4 * sb * h) / 8) * (1 + v / h), 0)
    expect(embeddingBytes(gpt22B, { tokensPerRank: sb, tp: 8, sequenceParallel: true })).toBe((sb * h) / 8)
  })
})

describe('beyond GPT', () => {
  const llama = completeModel({
    name: 'llama',
    layers: 1,
    hidden: 4096,
    heads: 32,
    kvHeads: 8,
    ffn: 14336,
    gatedMlp: true,
    vocab: 128256,
    seq: 8192,
  }).model

  test('grouped heads, a gated MLP, flash attention: each kept tensor counted by hand', () => {
    const tokens = 8192
    const kept = activationBytes(llama, 'dense', { ...alone, tokensPerRank: tokens, batch: 1 })
    const norms = 2 * 4096
    const attention = 4096 + 4096 + 2 * 1024 + 4096
    const mlp = 4096 + 3 * 14336
    expect(kept.total).toBe(tokens * (2 * (norms + attention + mlp) + 4 * 32))
    expect(kept.scores).toBe(0)
  })

  test('context parallelism divides all but the scores, which each rank computes against the whole sequence', () => {
    const options = { ...alone, tokensPerRank: sb / 2, cp: 2 }
    for (const model of [llama, gpt22B])
      expect(activationBytes(model, 'dense', options).total).toBe(activationBytes(model, 'dense', alone).total / 2)
  })

  test('a rank keeps one head of keys where there are fewer than ranks', () => {
    const at = (tp: number) => activationBytes(llama, 'dense', { ...alone, tp, sequenceParallel: true }).attention
    expect(at(8) * 8).toBe(at(1))
    expect(at(16) * 16).toBe(at(1) + sb * 2 * 8 * 2 * 128)
  })

  test('8- and 4-bit recipes keep operands of products narrow, nothing else', () => {
    const bytes = (precision: ActivationOptions['precision']) =>
      activationBytes(llama, 'dense', { ...alone, precision })
    expect(bytes('bf16').mlp - bytes('fp8').mlp).toBe(sb * (4096 + 14336))
    expect(bytes('fp8').norms).toBe(bytes('bf16').norms)
    expect(bytes('fp32').mlp).toBe(2 * bytes('bf16').mlp)
    expect(bytes('nvfp4').total).toBeLessThan(bytes('mxfp8').total)
    expect(bytes('fp8').total).toBeLessThan(bytes('mxfp8').total)
  })

  test('experts: topK rows a token, more with a capacity above one, and a shared expert beside', () => {
    const moe = completeModel({
      name: 'moe',
      layers: 1,
      hidden: 2048,
      heads: 16,
      ffn: 0,
      experts: 64,
      topK: 8,
      expertFfn: 1024,
      seq: 4096,
      gatedMlp: true,
      vocab: 1000,
    }).model
    const options = { ...alone, tokensPerRank: 4096, batch: 1 }
    const kept = activationBytes(moe, 'expert', options)
    expect(kept.mlp).toBe(4096 * 8 * 3 * 2 * 1024)
    expect(kept.routing).toBe(4096 * (2 * 2048 + 8 * 64 + 12 * 8) + 4096 * 8 * 2 * 2 * 2048)
    const crowded = activationBytes(moe, 'expert', { ...options, capacityFactor: 1.5 })
    expect(crowded.mlp).toBe(1.5 * kept.mlp)
    const shared = activationBytes({ ...moe, sharedExperts: 1, sharedFfn: 1024 }, 'expert', options)
    expect(shared.mlp - kept.mlp).toBe(4096 * 2 * (2048 + 3 * 1024))
  })

  test('latent attention keeps compressed and full forms', () => {
    const mla = completeModel({
      name: 'mla',
      layers: 1,
      hidden: 7168,
      heads: 128,
      kvLoraRank: 512,
      ffn: 18432,
      gatedMlp: true,
      vocab: 1000,
      seq: 4096,
    }).model
    const kept = activationBytes(mla, 'dense', { ...alone, tokensPerRank: 4096, batch: 1 })
    const full = 7168 + 128 * (192 + 192 + 128 + 128)
    const latent = 2 * (1536 + 512) + 64
    expect(kept.attention).toBe(4096 * (2 * (full + latent) + 4 * 128))
  })
})
