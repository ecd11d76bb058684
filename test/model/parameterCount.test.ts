import { describe, expect, test } from 'vitest'
import { completeModel, type ModelFields, parameterCount } from '../../src/model/index.js'

const llama: ModelFields = { name: 'm', layers: 3, hidden: 8, heads: 4, kvHeads: 2, ffn: 10, gatedMlp: true, vocab: 7 }
const count = (more: Partial<ModelFields> = {}) => parameterCount(completeModel({ ...llama, ...more }).model)

describe('parameterCount', () => {
  test('counts a small model by hand', () => {
    expect(count()).toEqual({
      embeddings: 7 * 8,
      // 8 -> 8 queries, 4 keys, 4 values, and back.
      attention: 3 * (64 + 32 + 32 + 64),
      mlp: 3 * 3 * 8 * 10,
      experts: 0,
      sharedExperts: 0,
      routers: 0,
      norms: 7 * 8,
      head: 7 * 8,
      total: 56 + 576 + 720 + 56 + 56,
      active: 1464,
    })
  })

  test('tied embeddings count once', () => {
    expect(count().total - count({ tiedEmbeddings: true }).total).toBe(7 * 8)
  })

  test('experts take the place of MLPs, and a token meets topK of them', () => {
    const experts = count({ experts: 5, topK: 2, expertFfn: 6, denseLayers: 1, sharedExperts: 1, sharedGate: true })
    expect(experts).toMatchObject({
      mlp: 240,
      experts: 2 * 5 * 3 * 8 * 6,
      sharedExperts: 2 * (3 * 8 * 6 + 8),
      routers: 2 * 5 * 8,
    })
    expect(experts.total - experts.active).toBe(2 * 3 * 3 * 8 * 6)
    expect(count({ experts: 5, denseLayers: [2] }).experts).toBe(count({ experts: 5, denseLayers: 1 }).experts)
  })

  test.each<[string, Partial<ModelFields>, number]>([
    ['qkv', { biases: 'qkv' }, 3 * 16],
    ['attention', { biases: 'attention' }, 3 * (16 + 8)],
    ['mlp', { biases: 'mlp' }, 3 * (20 + 8)],
    ['all', { biases: 'all' }, 3 * (16 + 8 + 20 + 8)],
    ['all, layer norm', { biases: 'all', norm: 'layernorm' }, 3 * (16 + 8 + 20 + 8) + 7 * 8],
    ['none, layer norm', { norm: 'layernorm' }, 0],
    ['norms of queries and keys', { qkNorm: true }, 3 * 2 * 2],
    ['sinks', { sinks: true }, 3 * 4],
    ['norms on both sides', { normPlacement: 'both' }, 3 * 2 * 8],
    ['norms behind', { normPlacement: 'post' }, -8],
    ['learned positions', { positions: 'learned', maxPositions: 11 }, 11 * 8],
  ])('adds %s', (_, more, extra) => {
    expect(count(more).total - count().total).toBe(extra)
  })
})
