import type { OpContext } from '../context.js'
import { product } from '../tensor.js'
import { broadcast } from './broadcast.js'
import type { Operators } from './operator.js'
import { denseSteps, known, mostFollowed, stretch, strided } from './values.js'

/** Moves data about whole: transposes, repeats, blocks. */
export const layout: Operators = {
  Transpose: { infer: inferTranspose, viewOf: transposeView },
  Expand: {
    infer: (c) => {
      const dims = broadcast(c.shape(0), c.needed(1))
      if (!dims) return c.wrong(`[${c.shape(0).join(', ')}] does not expand to [${c.needed(1).join(', ')}]`)
      const values = product(dims) <= mostFollowed ? known(c, 0) : undefined
      c.set(0, dims, c.type(0), values && stretch(values, c.shape(0), dims))
    },
    viewOf: sameSize,
  },
  Tile: {
    infer: (c) => {
      const repeats = c.needed(1)
      const dims = c.shape(0)
      if (repeats.length !== dims.length) c.wrong(`${repeats.length} repeats of a tensor of rank ${dims.length}`)
      const [times] = repeats
      const values = dims.length === 1 && times! * dims[0]! <= mostFollowed ? known(c, 0) : undefined
      const tiled = dims.map((size, d) => size * repeats[d]!)
      c.set(0, tiled, c.type(0), values && Array.from({ length: times! }, () => values).flat())
    },
    viewOf: sameSize,
  },
  DepthToSpace: {
    infer: (c) => {
      const [n, channels, ...spatial] = c.shape(0)
      const block = c.int('blocksize', 1)
      c.set(0, [n!, channels! / block ** 2, ...spatial.map((s) => s * block)], c.type(0))
    },
  },
  SpaceToDepth: {
    infer: (c) => {
      const [n, channels, ...spatial] = c.shape(0)
      const block = c.int('blocksize', 1)
      c.set(0, [n!, channels! * block ** 2, ...spatial.map((s) => s / block)], c.type(0))
    },
  },
  ReverseSequence: { infer: (c) => c.set(0, c.shape(0), c.type(0)) },
  Trilu: { infer: (c) => c.set(0, c.shape(0), c.type(0)) },
  EyeLike: { infer: (c) => c.set(0, c.shape(0), c.int('dtype', c.type(0))), isShapeOnly: true },
}

function sameSize(c: OpContext): number | undefined {
  return c.made() === c.elements(0) ? 0 : undefined
}

function permutation(c: OpContext): readonly number[] {
  const rank = c.rank(0)
  const perm = c.ints('perm') ?? Array.from({ length: rank }, (_, d) => rank - 1 - d)
  const isWhole = perm.length === rank && new Set(perm).size === rank && perm.every((p) => p >= 0 && p < rank)
  return isWhole ? perm : c.wrong(`perm [${perm.join(', ')}] of a tensor of rank ${rank}`)
}

function inferTranspose(c: OpContext): void {
  const from = c.shape(0)
  const perm = permutation(c)
  const dims = perm.map((p) => from[p]!)
  const values = product(from) <= mostFollowed ? known(c, 0) : undefined
  const steps = values && denseSteps(from)
  c.set(
    0,
    dims,
    c.type(0),
    steps &&
      strided(
        values,
        0,
        dims,
        perm.map((p) => steps[p]!),
      ),
  )
}

/** Where only dimensions of size 1 change places, the bytes stay where they are. */
function transposeView(c: OpContext): number | undefined {
  const moved = permutation(c).filter((p) => c.shape(0)[p] !== 1)
  return moved.every((p, i) => i === 0 || p > moved[i - 1]!) ? 0 : undefined
}
