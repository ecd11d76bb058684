import type { OpContext } from '../context.js'
import type { Operators } from './operator.js'

/** Fourier transforms: 5 n log2 n operations for a complex transform of n points (the customary count, fftw.org/speed). */
export const signal: Operators = {
  DFT: {
    infer: (c) => {
      const dims = [...c.shape(0)]
      const axis = transformAxis(c)
      const isInverse = c.int('inverse', 0) === 1
      const isOneSided = c.int('onesided', 0) === 1
      // The inverse of a one-sided transform is real, and about twice as long as its input.
      dims[axis] = c.has(1) ? c.needed(1)[0]! : isOneSided && isInverse ? 2 * (dims[axis]! - 1) : dims[axis]!
      if (isOneSided && !isInverse) dims[axis] = Math.floor(dims[axis]! / 2) + 1
      dims[dims.length - 1] = isOneSided && isInverse ? 1 : 2
      c.set(0, dims, c.type(0))
    },
    cost: (c) => {
      const points = c.has(1) ? (c.values(1)?.[0] ?? 1) : c.shape(0)[transformAxis(c)]!
      return {
        flops:
          fftOperations(points) * (c.elements(0) / Math.max(1, c.shape(0).at(-1)! * c.shape(0)[transformAxis(c)]!)),
      }
    },
  },
  STFT: {
    infer: (c) => {
      const [batch, length] = c.shape(0)
      const frame = frameLength(c)
      const frames = Math.floor((length! - frame) / c.needed(1)[0]!) + 1
      c.set(
        0,
        [batch!, Math.max(0, frames), c.int('onesided', 1) === 1 ? Math.floor(frame / 2) + 1 : frame, 2],
        c.type(0),
      )
    },
    cost: (c) => {
      const [batch, frames] = c.outputs[0]?.shape ?? [0, 0]
      return { flops: batch! * frames! * (fftOperations(frameLength(c)) + frameLength(c)) }
    },
    settings: [1, 3],
  },
}

function fftOperations(points: number): number {
  return 5 * points * Math.log2(Math.max(2, points))
}

function transformAxis(c: OpContext): number {
  const given = c.has(2) ? c.needed(2)[0]! : c.int('axis', c.opset >= 20 ? -2 : 1)
  return c.axis(given, c.rank(0))
}

function frameLength(c: OpContext): number {
  return c.has(3) ? c.needed(3)[0]! : c.has(2) ? c.shape(2)[0]! : c.wrong('STFT without a window or a frame length')
}
