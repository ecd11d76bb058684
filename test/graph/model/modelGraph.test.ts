import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problems, UserError } from '../../../src/errors/index.js'
import { readModel } from '../../../src/formats/model.js'
import { readOnnx } from '../../../src/formats/onnx/index.js'
import { bytesSource } from '../../../src/formats/source.js'
import { buildGraph, type GraphDescription, graphStatistics } from '../../../src/graph/index.js'
import { type ModelGraphOptions, modelGraph } from '../../../src/graph/model/modelGraph.js'
import { checkModel, completeModel, type ModelFields, parameterCount } from '../../../src/model/index.js'
import { anyModel } from '../../model/models.js'

const small: ModelFields = {
  name: 'm',
  layers: 2,
  hidden: 8,
  heads: 4,
  kvHeads: 2,
  ffn: 12,
  gatedMlp: true,
  vocab: 7,
  seq: 16,
}
const graphOf = (more: Partial<ModelFields> = {}, options: Partial<ModelGraphOptions> = {}) =>
  modelGraph(completeModel({ ...small, ...more }).model, { batch: 1, seq: 4, dtype: 'bf16', ...options })
const opOf = (graph: GraphDescription, name: string) => graph.ops.find((op) => op.name === name)!
const sum = (graph: GraphDescription, of: (op: GraphDescription['ops'][number]) => number | undefined) =>
  graph.ops.reduce((total, op) => total + (of(op) ?? 0), 0)

function catchUser(run: () => unknown): UserError {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error
  }
  throw new Error('nothing was refused')
}

describe('modelGraph', () => {
  test('names ops after modules and costs them by shape', () => {
    const graph = graphOf()
    const key = opOf(graph, 'model.layers.1.self_attn.k_proj')
    expect(key).toMatchObject({
      type: 'MatMul',
      module: 'model.layers.1.self_attn.k_proj',
      matrixFlops: 2 * 4 * 8 * 4,
      parameterBytes: 2 * 8 * 4,
      // 4 rows of 8 read, of 4 written, and the matrix, two bytes each.
      bytesAccessed: 2 * (32 + 16 + 32),
      dtype: 'bf16',
      outputs: [{ shape: [1, 4, 4], bytes: 32 }],
    })
    expect(opOf(graph, 'model.layers.0.self_attn.attention').matrixFlops).toBe(2 * 2 * 4 * 4 * 4 * 2)
    expect(opOf(graph, 'lm_head').matrixFlops).toBe(2 * 4 * 8 * 7)
  })

  test('tied embeddings are one parameter, held by the table, in one colocation group', () => {
    const graph = graphOf({ tiedEmbeddings: true })
    const name = 'model.embed_tokens.weight'
    expect(graph.parameters!.filter((each) => each.shape[0] === 7)).toEqual([
      expect.objectContaining({ name, op: 'model.embed_tokens' }),
    ])
    expect(opOf(graph, 'model.embed_tokens')).toMatchObject({ colocationGroup: name, parameterBytes: 2 * 7 * 8 })
    expect(opOf(graph, 'lm_head')).toMatchObject({ colocationGroup: name })
    expect(opOf(graph, 'lm_head').parameterBytes).toBeUndefined()
  })

  test('experts are one parameter a projection; few tokens read few of them', () => {
    const experts = { experts: 8, topK: 2, expertFfn: 6 }
    const graph = graphOf(experts)
    const up = 'model.layers.0.mlp.experts.gate_up_proj'
    expect(graph.parameters).toContainEqual(expect.objectContaining({ name: up, shape: [8, 12, 8] }))
    expect(opOf(graph, up).matrixFlops).toBe(2 * (4 * 2) * 8 * 12)
    const matrix = 2 * 12 * 8
    const rows = 2 * (8 + 12)
    expect(opOf(graph, up).bytesAccessed).toBe(8 * matrix + 8 * rows)
    expect(opOf(graphOf(experts, { seq: 1 }), up).bytesAccessed).toBe(2 * matrix + 2 * rows)
    expect(opOf(graphOf(experts, { seq: 16 }), up).bytesAccessed).toBe(8 * matrix + 32 * rows)
  })

  test('the math kernel writes scores to memory, and repeated heads are copied', () => {
    const flash = opOf(graphOf(), 'model.layers.0.self_attn.attention')
    const math = opOf(graphOf({ attentionKernel: 'math' }), 'model.layers.0.self_attn.attention')
    const scores = 2 * 4 * 4 * 4
    expect(math.bytesAccessed! - flash.bytesAccessed!).toBe(4 * scores)
    expect([flash.temporaryBytes, math.temporaryBytes]).toEqual([undefined, 2 * scores])
    const repeated = graphOf({ expandKv: true })
    expect(repeated.ops.length - graphOf().ops.length).toBe(4)
    expect(opOf(repeated, 'model.layers.0.self_attn.repeat_k').outputs![0].shape).toEqual([1, 4, 8])
  })

  test('training adds the loss, and dropout where there is any', () => {
    expect(opOf(graphOf({}, { mode: 'training' }), 'loss')).toMatchObject({ type: 'SoftmaxCrossEntropyLoss' })
    const types = (dropout: number, mode: 'training' | 'inference') =>
      graphOf({ dropout }, { mode }).ops.filter((op) => op.type === 'Dropout').length
    expect([types(0, 'training'), types(0.1, 'inference'), types(0.1, 'training')]).toEqual([0, 0, 5])
  })

  test.each([
    ['no batch', { batch: 0 }],
    ['half a token', { seq: 1.5 }],
    ['an absurd batch', { batch: 1e12 }],
    ['a sequence beyond the table of positions', { seq: 17 }],
  ])('refuses %s', (_, size) => {
    expect(() => graphOf({ positions: 'learned' }, size)).toThrow(UserError)
  })

  test('refuses more work than can be counted once, naming the dearest op', () => {
    const { problems } = catchUser(() => graphOf({ layers: 4 }, { seq: 2 ** 30 }))
    expect(problems).toEqual([
      expect.objectContaining({ code: 'E204', where: 'model.layers.0.self_attn.attention', fix: expect.any(String) }),
    ])
  })

  test('any model builds; the graph holds what the closed forms count, whatever the batch', () => {
    fc.assert(
      fc.property(anyModel, fc.constantFrom('inference', 'training'), (model, mode) => {
        const problems = new Problems()
        checkModel(model, (field) => field, problems)
        problems.throwIfAny()
        const [one, three] = [1, 3].map((batch) => modelGraph(model, { batch, seq: 8, dtype: 'bf16', mode }))
        buildGraph(one, 'any')
        const elements = one.parameters!.map(({ shape }) => shape.reduce((all, dim) => all * dim, 1))
        expect(elements.reduce((a, b) => a + b, 0)).toBe(parameterCount(model).total)
        expect(sum(one, (op) => op.parameterBytes)).toBe(2 * parameterCount(model).total)
        expect(sum(three, (op) => op.matrixFlops)).toBe(3 * sum(one, (op) => op.matrixFlops))
        expect(new Set(one.parameters!.map(({ name }) => name)).size).toBe(elements.length)
      }),
      { numRuns: 500 },
    )
  })

  test('costs GPT-2 to the operation as the ONNX reader does', () => {
    const onnx = new URL('../../../fixtures/gpt2-small.onnx', import.meta.url)
    const file = new URL('../../../models/gpt2.json', import.meta.url)
    const { description } = readOnnx(bytesSource('gpt2', readFileSync(onnx)), { name: 'gpt2', bind: new Map() })
    const { model } = readModel(JSON.parse(readFileSync(file, 'utf8')), 'gpt2.json')
    const own = modelGraph(model, { batch: 1, seq: 128, dtype: 'fp32' })
    for (const of of [
      (op: GraphDescription['ops'][number]) => op.matrixFlops,
      (op: GraphDescription['ops'][number]) => op.flops,
    ])
      expect(sum(own, of)).toBe(sum(description, of))
    expect(sum(own, (op) => op.parameterBytes)).toBe(sum(description, (op) => op.parameterBytes))
  })

  test('every op but the outputs leads somewhere', () => {
    const graph = buildGraph(graphOf({ experts: 4, expertFfn: 6, sharedExperts: 1 }), 'm')
    const ends = graph.ops.filter((_, i) => graph.outStart[i] === graph.outStart[i + 1])
    expect(ends.map((op) => op.name)).toEqual(['lm_head'])
    expect(graphStatistics(graph).unmodelled).toEqual([])
  })
})
