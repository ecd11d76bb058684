import { describe, expect, test } from 'vitest'
import {
  optimizerCost,
  optimizerPresets,
  persistentBytes,
  rankParameters,
  type StateLayout,
  stateLayouts,
} from '../../../src/cost/trainingMemory/index.js'
import { completeModel, type Degrees, parameterCount } from '../../../src/model/index.js'
import { gpt175B } from './models.js'

const matrix = { rows: 4096, columns: 4096 }
const bytesPerParameter = (layout: string, zeroStage: 0 | 1 | 2 | 3, data: number, optimizer = 'adamw') =>
  persistentBytes(
    { dense: 1e6, expert: 0 },
    {
      degrees: { tensor: 1, pipeline: 1, data, context: 1, expert: 1 },
      zeroStage,
      layout: stateLayouts[layout]!,
      optimizer: optimizerPresets[optimizer]!,
      matrix,
    },
  ).total / 1e6

describe('bytes per parameter with Adam', () => {
  test.each([
    ['megatron', 0, (_: number): number => 18],
    ['megatron', 1, (d: number): number => 6 + 12 / d],
    ['deepspeed', 0, (_: number): number => 16],
    ['deepspeed', 1, (d: number): number => 4 + 12 / d],
    ['deepspeed', 2, (d: number): number => 2 + 14 / d],
    ['deepspeed', 3, (d: number): number => 16 / d],
    ['nanotron', 0, (_: number): number => 20],
    ['nanotron', 1, (d: number): number => 10 + 14 / d],
    ['fsdp', 3, (d: number): number => 16 / d],
  ] as const)('%s, stage %i', (layout, stage, expected) => {
    for (const data of [2, 8, 64]) expect(bytesPerParameter(layout, stage, data)).toBeCloseTo(expected(data), 9)
  })

  test('ZeRO paper, figure 1: 7.5B parameters on 64 ranks take 120, 31.4, 16.6 and 1.9 GB', () => {
    const gigabytes = ([0, 1, 2, 3] as const).map((stage) => 7.5 * bytesPerParameter('deepspeed', stage, 64))
    for (const [stage, expected] of [120, 31.4, 16.6, 1.9].entries()) expect(gigabytes[stage]).toBeCloseTo(expected, 1)
  })

  test.each([
    // Playbook runs of the 1.34B model, tensor degree 1: static bytes per parameter.
    [8, 11.81],
    [16, 10.94],
    [64, 10.27],
    [256, 10.11],
  ])('nanotron with ZeRO-1 on %i ranks measured %f', (data, measured) => {
    expect(Math.abs(bytesPerParameter('nanotron', 1, data) / measured - 1)).toBeLessThan(0.01)
  })

  test('experts spread over the other axes have fewer copies to share with', () => {
    const degrees: Degrees = { tensor: 2, pipeline: 1, data: 8, context: 1, expert: 4 }
    const layout: StateLayout = stateLayouts.megatron!
    const options = { degrees, zeroStage: 1, layout, optimizer: optimizerPresets.adamw!, matrix } as const
    expect(persistentBytes({ dense: 0, expert: 1000 }, options).total).toBeCloseTo(1000 * (6 + 12 / 4), 6)
    expect(persistentBytes({ dense: 1000, expert: 0 }, options).total).toBeCloseTo(1000 * (6 + 12 / 8), 6)
  })
})

describe('optimizers', () => {
  const cost = (name: string, shape = matrix) => optimizerCost(optimizerPresets[name]!, 1e6, shape)

  test.each([
    ['sgd', 0],
    ['sgd-momentum', 4],
    ['adam', 8],
    ['adamw', 8],
    ['adamw-bf16', 4],
    ['adamw-8bit', 2 + 1 / 256],
    ['muon', 4],
    ['adafactor', 8 / 4096],
    ['frugal', 2],
    ['sgd-sai', 4],
    // Blocks of 1024: two pairs of factors of its own size, and two moments.
    ['shampoo', 16 + 8],
  ])('%s keeps %f bytes a parameter', (name, bytes) => {
    expect(cost(name).stateBytes / 1e6).toBeCloseTo(bytes, 9)
  })

  test("Adam's step moves 30 bytes a parameter: gradient 4, master and moments read and written 24, weight 2", () => {
    expect(cost('adamw').stepBytes).toBe(30e6)
  })

  test("Muon's five steps on a square matrix of n rows take 30 n FLOPs a parameter; vectors none", () => {
    const perParameter = cost('muon').stepFlops / 1e6
    expect(perParameter).toBeCloseTo(5 * 6 * 4096, 0)
    expect(cost('muon', { rows: 4096, columns: 1 }).stepFlops).toBe(0)
  })

  test('every preset names its source', () => {
    for (const { name, source } of Object.values(optimizerPresets)) expect(source, name).toMatch(/arXiv|19\d\d/)
    for (const { name, source } of Object.values(stateLayouts)) expect(source.length, name).toBeGreaterThan(20)
  })
})

describe('parameters of a rank', () => {
  const whole = { firstLayer: 0, layerCount: 96, hasEmbedding: true, hasHead: true }

  test('one rank holds the model; stages hold it once, and a tied table twice when its ends lie apart', () => {
    const one = { tensor: 1, expert: 1 }
    const total = parameterCount(gpt175B).total
    // The last norm is spread over the layers.
    expect(rankParameters(gpt175B, whole, one).dense).toBeCloseTo(total, 0)
    const first = rankParameters(gpt175B, { ...whole, layerCount: 48, hasHead: false }, one)
    const last = rankParameters(gpt175B, { ...whole, firstLayer: 48, layerCount: 48, hasEmbedding: false }, one)
    expect(first.dense + last.dense).toBeCloseTo(total + gpt175B.vocab * gpt175B.hidden, 0)
  })

  test('tensor parallelism cuts matrices, not norms; experts go whole to ranks', () => {
    const { norms, total } = parameterCount(gpt175B)
    expect(rankParameters(gpt175B, whole, { tensor: 8, expert: 1 }).dense).toBeCloseTo((total - norms) / 8 + norms, 0)
    const moe = completeModel({
      name: 'moe',
      layers: 4,
      hidden: 64,
      heads: 4,
      ffn: 0,
      experts: 16,
      topK: 2,
      expertFfn: 32,
      vocab: 100,
      seq: 8,
    }).model
    const stage = { firstLayer: 0, layerCount: 2, hasEmbedding: false, hasHead: false }
    expect(rankParameters(moe, stage, { tensor: 2, expert: 4 }).expert).toBe(parameterCount(moe).experts / 2 / 4)
  })
})
