import type { OpContext } from '../context.js'
import { product } from '../tensor.js'
import { broadcast, stretch } from './broadcast.js'
import { bytesMade, type Operators } from './operator.js'
import { concatValues, known, sliceValues } from './values.js'

/** Moves data about: transposes, joins, cuts, repeats. */
export const layout: Operators = {
  Transpose: {
    infer: (c) => {
      const dims = c.shape(0)
      const perm = permutation(c)
      c.set(
        0,
        perm.map((p) => dims[c.axis(p, dims.length)]!),
        c.type(0),
        dims.length <= 1 ? known(c, 0) : undefined,
      )
    },
    // Where only dimensions of size 1 change places, the bytes stay where they are.
    viewOf: (c) => {
      const moved = permutation(c).filter((p) => c.shape(0)[p] !== 1)
      return moved.every((p, i) => i === 0 || p > moved[i - 1]!) ? 0 : undefined
    },
  },
  Expand: {
    infer: (c) => {
      const dims = broadcast(c.shape(0), c.needed(1))
      if (!dims) return c.wrong(`[${c.shape(0).join(', ')}] does not expand to [${c.needed(1).join(', ')}]`)
      const values = product(dims) <= mostExpanded ? known(c, 0) : undefined
      c.set(0, dims, c.type(0), values && stretch(values, c.shape(0), dims))
    },
    viewOf: (c) => (c.made() === c.elements(0) ? 0 : undefined),
  },
  Tile: {
    infer: (c) => {
      const repeats = c.needed(1)
      const dims = c.shape(0)
      if (repeats.length !== dims.length) c.wrong(`${repeats.length} repeats of a tensor of rank ${dims.length}`)
      const values = dims.length === 1 && repeats[0]! * dims[0]! <= mostExpanded ? known(c, 0) : undefined
      c.set(
        0,
        dims.map((size, d) => size * repeats[d]!),
        c.type(0),
        values && Array.from({ length: repeats[0]! }, () => values).flat(),
      )
    },
    viewOf: (c) => (c.made() === c.elements(0) ? 0 : undefined),
  },
  Concat: {
    infer: inferConcat,
    viewOf: (c) => (c.inputs.length === 1 ? 0 : undefined),
  },
  Split: { infer: inferSplit, viewOf: (c) => (c.outputs.length === 1 ? 0 : undefined) },
  Slice: {
    infer: inferSlice,
    viewOf: (c) => (c.made() === c.elements(0) && !sliceSteps(c).some((s) => s < 0) ? 0 : undefined),
    cost: (c) => ({ flops: 0, bytesAccessed: 2 * bytesMade(c) }),
  },
  Pad: {
    infer: inferPad,
    viewOf: (c) => (c.made() === c.elements(0) ? 0 : undefined),
    settings: [2],
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
  CenterCropPad: {
    infer: (c) => {
      const dims = [...c.shape(0)]
      const wanted = c.needed(1)
      const axes = c.ints('axes') ?? dims.map((_, d) => d)
      axes.forEach((a, i) => {
        dims[c.axis(a, dims.length)] = wanted[i]!
      })
      c.set(0, dims, c.type(0))
    },
  },
  Resize: { infer: inferResize, cost: resizeCost, settings: [1, 2] },
  Upsample: { infer: inferResize, cost: resizeCost, settings: [1] },
  EyeLike: { infer: (c) => c.set(0, c.shape(0), c.int('dtype', c.type(0))), isShapeOnly: true },
}

const mostExpanded = 4096

function permutation(c: OpContext): readonly number[] {
  const rank = c.rank(0)
  const perm = c.ints('perm') ?? Array.from({ length: rank }, (_, d) => rank - 1 - d)
  if (perm.length !== rank || new Set(perm).size !== rank)
    c.wrong(`perm [${perm.join(', ')}] of a tensor of rank ${rank}`)
  return perm
}

function inferConcat(c: OpContext): void {
  const dims = [...c.shape(0)]
  const axis = c.axis(c.int('axis', 0), dims.length)
  dims[axis] = 0
  for (let i = 0; i < c.inputs.length; i++) {
    const part = c.shape(i)
    if (part.length !== dims.length || part.some((size, d) => d !== axis && size !== dims[d]))
      c.wrong(`input ${i} differs in more than axis ${axis}`)
    dims[axis] += part[axis]!
  }
  c.set(0, dims, c.type(0), dims.length === 1 && dims[0]! <= mostExpanded ? concatValues(c) : undefined)
}

function inferSplit(c: OpContext): void {
  const dims = c.shape(0)
  const axis = c.axis(c.int('axis', 0), dims.length)
  const count = c.int('num_outputs', c.outputs.length)
  const even = Math.ceil(dims[axis]! / count)
  const sizes =
    c.intsOrInput('split', 1) ??
    Array.from({ length: count }, (_, i) => Math.max(0, Math.min(even, dims[axis]! - i * even)))
  if (sizes.reduce((a, b) => a + b, 0) !== dims[axis])
    c.wrong(`parts [${sizes.join(', ')}] of a dimension of ${dims[axis]}`)
  const values = dims.length === 1 ? known(c, 0) : undefined
  let from = 0
  sizes.forEach((size, i) => {
    c.set(
      i,
      dims.map((d, at) => (at === axis ? size : d)),
      c.type(0),
      values?.slice(from, from + size),
    )
    from += size
  })
}

interface Cut {
  readonly axis: number
  readonly start: number
  readonly step: number
  readonly count: number
}

function sliceSteps(c: OpContext): readonly number[] {
  return (c.has(4) ? c.values(4) : undefined) ?? []
}

function sliceCuts(c: OpContext): Cut[] {
  const dims = c.shape(0)
  const starts = c.intsOrInput('starts', 1) ?? []
  const ends = c.intsOrInput('ends', 2) ?? []
  const axes = c.intsOrInput('axes', 3) ?? starts.map((_, d) => d)
  const steps = c.has(4) ? c.needed(4) : []
  return starts.map((given, i) => {
    const axis = c.axis(axes[i] ?? i, dims.length)
    const size = dims[axis]!
    const step = steps[i] ?? 1
    if (step === 0) c.wrong('a step of 0')
    const bound = (at: number, least: number, most: number): number =>
      Math.max(least, Math.min(most, at < 0 ? at + size : at))
    const start = step > 0 ? bound(given, 0, size) : bound(given, 0, size - 1)
    const end = step > 0 ? bound(ends[i] ?? size, 0, size) : bound(ends[i] ?? -size - 1, -1, size - 1)
    return { axis, start, step, count: size === 0 ? 0 : Math.max(0, Math.ceil((end - start) / step)) }
  })
}

function inferSlice(c: OpContext): void {
  const dims = [...c.shape(0)]
  const cuts = sliceCuts(c)
  for (const cut of cuts) dims[cut.axis] = cut.count
  const [only] = cuts
  c.set(
    0,
    dims,
    c.type(0),
    dims.length === 1 && cuts.length === 1 ? sliceValues(c, only!.start, only!.step, only!.count) : undefined,
  )
}

function inferPad(c: OpContext): void {
  const dims = [...c.shape(0)]
  const pads = c.intsOrInput('pads', 1) ?? []
  const axes = c.has(3) ? c.needed(3) : dims.map((_, d) => d)
  if (pads.length !== 2 * axes.length) c.wrong(`${pads.length} pads for ${axes.length} axes`)
  axes.forEach((a, i) => {
    dims[c.axis(a, dims.length)]! += pads[i]! + pads[i + axes.length]!
  })
  c.set(
    0,
    dims.map((d) => Math.max(0, d)),
    c.type(0),
  )
}

function inferResize(c: OpContext): void {
  const dims = [...c.shape(0)]
  const isUpsample = c.node.type === 'Upsample'
  const scalesAt = isUpsample ? 1 : c.opset < 11 && c.inputs.length === 2 ? 1 : 2
  const axes = (c.ints('axes') ?? dims.map((_, d) => d)).map((a) => c.axis(a, dims.length))
  const sizes = !isUpsample && c.has(3) && c.shape(3)[0] !== 0 ? c.needed(3) : undefined
  const scales = sizes ? undefined : c.has(scalesAt) ? c.needed(scalesAt) : c.attribute('scales')?.floats
  if (!sizes && !scales) c.wrong('neither sizes nor scales')
  const policy = c.text('keep_aspect_ratio_policy', 'stretch')
  const ratios = axes.map((axis, i) => (sizes ? sizes[i]! / dims[axis]! : scales![i]!))
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
  axes.forEach((axis, i) => {
    if (sizes) dims[axis] = policy === 'stretch' ? sizes[i]! : Math.round(dims[axis]! * common)
    // Scales are stored as floats: 1.9999999 times 3 is meant to be 6.
    else dims[axis] = Math.floor(dims[axis]! * ratios[i]! + 1e-4)
  })
  c.set(0, dims, c.type(0))
}

/** Taps of the interpolation in each resized dimension: 1 nearest, 2 linear, 4 cubic; a multiply and an add each. */
function resizeCost(c: OpContext): { flops: number } {
  const mode = c.text('mode', 'nearest')
  const taps = mode === 'nearest' ? 0 : mode === 'cubic' ? 4 : 2
  const resized = c.shape(0).filter((size, d) => size !== c.outputs[0]?.shape?.[d]).length
  return { flops: taps === 0 ? 0 : 2 * c.made() * taps ** resized }
}
