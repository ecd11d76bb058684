import { describe, expect, test } from 'vitest'
import { readHuggingFace } from '../../../src/formats/huggingface.js'
import { modelGraph } from '../../../src/graph/model/modelGraph.js'
import { parameterCount } from '../../../src/model/index.js'
import { oracle } from './oracle.js'

const product = (shape: readonly number[]) => shape.reduce((all, dim) => all * dim, 1)

describe('what transformers builds from the same config.json', () => {
  test.each(oracle)('$name: $parameters parameters', ({ name, config, parameters, input, matrixFlops, tensors }) => {
    const { model, warnings } = readHuggingFace(config, 'config.json', name)
    expect(parameterCount(model).total).toBe(parameters)

    const isImage = input.length === 4
    const graph = modelGraph(model, { batch: input[0], seq: isImage ? model.seq : input[1], dtype: 'bf16' })
    const own = Object.fromEntries(graph.parameters!.map((each) => [each.name, product(each.shape)]))
    expect(Object.values(own).reduce((sum, elements) => sum + elements, 0)).toBe(parameters)
    const flops = graph.ops.reduce((sum, op) => sum + op.matrixFlops!, 0)
    // Torch also counts the product of positions and frequencies: seq x headDim at most, once.
    const angles = model.positions === 'rope' ? 2 * input[1] * model.headDim : 0
    expect(matrixFlops - flops).toBeGreaterThanOrEqual(0)
    expect(matrixFlops - flops).toBeLessThanOrEqual(angles)
    if (tensors) expect(own).toEqual(tensors)
    expect(warnings.filter((warning) => !/^(not modelled|sliding_window)/.test(warning))).toEqual([])
  })

  test('covers every family', () => {
    const types = new Set(oracle.map(({ config }) => config.model_type))
    expect([...types].sort()).toEqual(
      'bert deepseek_v2 deepseek_v3 gemma gemma2 gemma3_text gpt2 gpt_neox gpt_oss llama mistral mixtral opt phi3 qwen2 qwen2_moe qwen3 qwen3_moe vit'.split(
        ' ',
      ),
    )
  })
})
