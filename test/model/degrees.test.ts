import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeDegrees, deviceCount, meshStride } from '../../src/model/index.js'
import { problemsOf } from '../formats/problems.js'

describe('degrees', () => {
  it('fills in data parallelism so that the product is the number of devices', () => {
    const small = fc.integer({ min: 1, max: 16 })
    fc.assert(
      fc.property(small, small, small, small, (tensor, pipeline, context, data) => {
        const devices = tensor * pipeline * context * data
        const degrees = completeDegrees({ tensor, pipeline, context }, devices, 'run')
        expect(degrees.data).toBe(data)
        expect(deviceCount(degrees)).toBe(devices)
      }),
    )
  })

  it('names every factor when they do not fit', () => {
    const { code, message } = problemsOf(() => completeDegrees({ tensor: 8, pipeline: 3 }, 64, 'run'))[0]
    expect(code).toBe('E603')
    expect(message).toContain('tp 8 x pp 3 x cp 1')
    const given = problemsOf(() => completeDegrees({ tensor: 8, data: 4 }, 64, 'run'))[0]
    expect(given.message).toContain('is 32 devices, the cluster has 64')
    expect(given.fix).toContain('dp 8')
    expect(problemsOf(() => completeDegrees({ tensor: 2, expert: 3 }, 8, 'run'))[0].code).toBe('E603')
  })

  it('numbers tensor neighbours next to one another and pipeline ranks furthest apart', () => {
    const degrees = { tensor: 2, context: 3, data: 5, pipeline: 7, expert: 1 }
    expect(meshStride(degrees, 'tensor')).toBe(1)
    expect(meshStride(degrees, 'context')).toBe(2)
    expect(meshStride(degrees, 'data')).toBe(6)
    expect(meshStride(degrees, 'pipeline')).toBe(30)
  })
})
