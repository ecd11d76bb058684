import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readHuggingFace } from '../../src/formats/huggingface.js'
import { readModel } from '../../src/formats/model.js'
import { readModelGraph } from '../../src/formats/modelGraph.js'
import { parameterCount } from '../../src/model/index.js'
import { figuresOf } from './huggingface/oracle.js'

const folder = new URL('../../models/', import.meta.url)
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''))
const shipped = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as { source: string }

/** Counts that the authors or the published weights state, to the element. */
const published: Readonly<Record<string, number>> = {
  gpt2: 124_439_808,
  'gpt2-xl': 1_557_611_200,
  'llama2-7b': 6_738_415_616,
  'llama2-70b': 68_976_648_192,
  'llama3-8b': 8_030_261_248,
  'llama3-70b': 70_553_706_496,
  'llama3-405b': 405_853_388_800,
  'mistral-7b': 7_241_732_096,
  'mixtral-8x7b': 46_702_792_704,
  'deepseek-v3': 671_026_419_200,
  'qwen2.5-7b': 7_615_616_512,
  'qwen3-8b': 8_190_735_360,
  'qwen3-30b-a3b': 30_532_122_624,
  'vit-l16': 304_326_632,
}

describe('models/', () => {
  test.each(names)('%s is what its config.json gives, and states it', (name) => {
    const { model, warnings, source } = readModel(shipped(name), `${name}.json`)
    const { config, parameters } = figuresOf(name)
    const fromConfig = readHuggingFace(config, 'config.json', name).model
    // A training recipe, no part of the architecture.
    expect({ ...model, dropout: 0 }).toEqual({
      ...fromConfig,
      seq: model.seq,
      maxPositions: model.maxPositions,
      dropout: 0,
    })
    expect(parameterCount(model).total).toBe(parameters)
    expect(model.name).toBe(name)
    expect(warnings).toEqual([])
    expect(source).toMatch(/arXiv|Hugging Face|et al\./)
  })

  test.each(Object.entries(published))('%s has the published %d parameters', (name, count) => {
    expect(parameterCount(readModel(shipped(name), name).model).total).toBe(count)
  })

  test.each([
    ['llama3-8b', 32.9],
    ['mixtral-8x7b', 54.4],
  ])('%s takes %d TFLOP for 2,048 tokens, as the exported graph', (name, tera) => {
    const bind = new Map([
      ['batch', 1],
      ['seq', 2048],
    ])
    const { description, warnings } = readModelGraph(readModel(shipped(name), name), bind)
    const flops = description.ops.reduce((sum, op) => sum + op.matrixFlops!, 0)
    expect(Math.abs(flops / (tera * 1e12) - 1)).toBeLessThan(0.002)
    expect(warnings).toEqual([expect.stringMatching(/^assumed attentionKernel flash/)])
  })
})

const sizes = { name: 'm', layers: 2, hidden: 64, heads: 4, vocab: 100 }

function problemsOf(value: unknown): string[] {
  try {
    readModel(value, 'm.json')
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.problems.map(({ code, where }) => `${code} ${where}`)
  }
}

describe('readModel', () => {
  test('lists what it assumed, and warns of what it ignores', () => {
    const { assumed, warnings } = readModel({ ...sizes, gatedMlp: true, hiden: 2, extra: 1 }, 'm.json')
    expect(assumed).toContain('kvHeads 4 (as heads)')
    expect(warnings).toEqual(['/hiden is ignored: did you mean hidden?', '/extra is ignored'])
  })

  test('warns of a stated count that the fields do not give', () => {
    expect(readModel({ ...sizes, parameters: 1 }, 'm.json').warnings).toEqual([
      expect.stringMatching(/^parameters says 1, the fields give \d+$/),
    ])
  })

  test('takes a yes or no for biases', () => {
    const biases = (value: unknown) => readModel({ ...sizes, biases: value }, 'm.json').model.biases
    expect([true, false, 'qkv'].map(biases)).toEqual(['all', 'none', 'qkv'])
  })

  test.each<[string, unknown, string[]]>([
    ['a list', [], ['E105 m.json#']],
    ['missing sizes', { name: 'm' }, ['E105 m.json#/layers', 'E105 m.json#/hidden', 'E105 m.json#/heads']],
    ['half a layer', { ...sizes, layers: 1.5 }, ['E105 m.json#/layers']],
    ['a word for a number', { ...sizes, ffn: 'wide' }, ['E105 m.json#/ffn']],
    ['an unknown norm', { ...sizes, norm: 'batch' }, ['E105 m.json#/norm']],
    ['negative layers', { ...sizes, layers: -1 }, ['E204 m.json#/layers']],
    ['heads that do not divide', { ...sizes, heads: 5 }, ['E105 m.json#/heads']],
    ['too many choices', { ...sizes, experts: 4, topK: 8 }, ['E105 m.json#/topK']],
    ['absurd sizes', { ...sizes, hidden: 1e9, heads: 1e9 }, ['E204 m.json#/hidden', 'E204 m.json#/heads']],
  ])('refuses %s at its pointer', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(expect.arrayContaining(problems))
  })
})

describe('readModelGraph', () => {
  const reading = readModel({ ...sizes, seq: 4096, gatedMlp: true, dtype: 'fp32' }, 'm.json')

  test('assumes one sequence of at most 2,048 tokens, and says so', () => {
    const { description, warnings } = readModelGraph(reading, new Map())
    expect(description.ops.find((op) => op.name === 'input_ids')!.outputs![0].shape).toEqual([1, 2048])
    expect(warnings[0]).toBe('assumed batch 1, seq 2048: --bind batch=N,seq=N says otherwise')
    expect(description.ops.find((op) => op.type === 'MatMul')!.dtype).toBe('fp32')
  })

  test('binds batch and seq, and warns of other names', () => {
    const bind = new Map([
      ['batch', 3],
      ['seq', 5],
      ['sequence', 7],
    ])
    const { description, warnings } = readModelGraph(reading, bind)
    expect(description.ops.find((op) => op.name === 'input_ids')!.outputs![0].shape).toEqual([3, 5])
    expect(warnings[0]).toBe('--bind sequence: a model has the dimensions batch and seq')
  })
})
