import { describe, expect, test } from 'vitest'
import { optimizerCost, optimizerPresets, stepBytesPerParameter } from '../../../src/cost/trainingMemory/index.js'
import { predict, repositoryFile, sampleRun } from '../../helpers/runs.js'

const shape = { rows: 4096, columns: 4096 }
const parameters = 4096 * 4096

/** name, formula, state bytes, bytes moved, FLOPs, source. */
const rows = repositoryFile('docs/optimizers.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
      .slice(1, -1),
  )

describe('docs/optimizers.md', () => {
  test('names every optimizer, once', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(optimizerPresets))
  })

  test.each(rows)('%s is what the code counts', (name, _formula, stateBytes, stepBytes, stepFlops, source) => {
    const preset = optimizerPresets[name]
    const cost = optimizerCost(preset, parameters, shape)
    expect(cost.stateBytes / parameters).toBe(Number(stateBytes))
    expect(cost.stepBytes / parameters).toBe(Number(stepBytes))
    expect(cost.stepFlops / parameters).toBeCloseTo(Number(stepFlops), 6)
    expect(preset.source).toContain(source.split(';')[0].split(',')[0])
  })
})

describe('the optimizer of a step', () => {
  const seconds = (optimizer: string, parallelism: object = { tp: 1, pp: 1, dp: 16 }, cluster: object = {}) =>
    predict(sampleRun({ training: { optimizer }, parallelism, cluster })).breakdown.optimizer

  test.each(['sgd', 'adamw-8bit', 'adafactor', 'frugal', 'sgd-sai', 'adamw-bf16'])(
    'follows the bytes it moves: %s',
    (name) => {
      const bytes = stepBytesPerParameter(optimizerPresets[name], { rows: 2048, columns: 2048 })
      expect(seconds(name) / seconds('adam')).toBeCloseTo(bytes / 30, 9)
    },
  )

  test('is as before for both Adams, to the bit', () => {
    expect(stepBytesPerParameter(optimizerPresets.adam, { rows: 1001, columns: 1001 })).toBe(30)
    expect(seconds('adam')).toBe(seconds('adamw'))
  })

  test.each(['muon', 'shampoo'])('%s multiplies matrices: slower, less so where state is shared', (name) => {
    const products = (parallelism: object) => seconds(name, parallelism) - seconds('sgd-momentum', parallelism)
    const whole = products({ tp: 1, pp: 1, dp: 16 })
    const shared = products({ tp: 1, pp: 1, dp: 16, zeroStage: 1 })
    expect(whole).toBeGreaterThan(0)
    expect(shared).toBeGreaterThan(whole / 17)
    expect(shared).toBeLessThan(whole / 2)
    // Fewer parameters a rank, but every rank of a tensor group multiplies the whole matrices that it gathers.
    expect(products({ tp: 4, pp: 1, dp: 4 })).toBeGreaterThan(0.7 * whole)
  })

  test('treats one matrix at least, however many ranks share the state', () => {
    const of = (devices: number) => {
      const shared = { tp: 1, pp: 1, dp: devices, zeroStage: 1 }
      return seconds('muon', shared, { devices }) - seconds('sgd-momentum', shared, { devices })
    }
    expect(of(1024)).toBeGreaterThan(0.9 * of(512))
  })
})
