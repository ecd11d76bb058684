import type { OpContext } from '../context.js'
import { product } from '../tensor.js'
import { bytesMade, type Operators } from './operator.js'
import { concatValues, denseSteps, known, mostFollowed, strided } from './values.js'

/** Joins and cuts. */
export const parts: Operators = {
  Concat: { infer: inferConcat, viewOf: (c) => (c.inputs.length === 1 ? 0 : undefined) },
  Split: { infer: inferSplit, viewOf: (c) => (c.outputs.length === 1 ? 0 : undefined) },
  Slice: {
    infer: inferSlice,
    viewOf: (c) => (c.made() === c.elements(0) && sliceCuts(c).every((cut) => cut.step > 0) ? 0 : undefined),
    cost: (c) => ({ flops: 0, bytesAccessed: 2 * bytesMade(c) }),
  },
  Pad: {
    infer: inferPad,
    viewOf: (c) => (c.intsOrInput('pads', 1)?.every((pad) => pad === 0) ? 0 : undefined),
    settings: [2],
  },
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
  c.set(0, dims, c.type(0), concatValues(c, dims, axis))
}

function inferSplit(c: OpContext): void {
  const dims = c.shape(0)
  const axis = c.axis(c.int('axis', 0), dims.length)
  const size = dims[axis]!
  const count = c.int('num_outputs', c.outputs.length)
  const even = Math.ceil(size / count)
  const sizes = c.intsOrInput('split', 1) ?? c.outputs.map((_, i) => Math.max(0, Math.min(even, size - i * even)))
  if (sizes.reduce((a, b) => a + b, 0) !== size) c.wrong(`parts [${sizes.join(', ')}] of a dimension of ${size}`)
  const values = dims.length === 1 ? known(c, 0) : undefined
  let from = 0
  c.outputs.forEach((_, i) => {
    const part = sizes[i] ?? 0
    c.set(i, dims.with(axis, part), c.type(0), values?.slice(from, from + part))
    from += part
  })
}

interface Cut {
  readonly axis: number
  readonly start: number
  readonly step: number
  readonly count: number
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
    const start = bound(given, 0, step > 0 ? size : size - 1)
    const end = step > 0 ? bound(ends[i] ?? size, 0, size) : bound(ends[i] ?? -size - 1, -1, size - 1)
    return { axis, start, step, count: size === 0 ? 0 : Math.max(0, Math.ceil((end - start) / step)) }
  })
}

function inferSlice(c: OpContext): void {
  const from = c.shape(0)
  const dims = [...from]
  const cuts = sliceCuts(c)
  for (const cut of cuts) dims[cut.axis] = cut.count
  const values = product(from) <= mostFollowed ? known(c, 0) : undefined
  const steps = denseSteps(from)
  let offset = 0
  for (const cut of cuts) {
    offset += cut.start * steps[cut.axis]!
    steps[cut.axis]! *= cut.step
  }
  c.set(0, dims, c.type(0), values && strided(values, offset, dims, steps))
}

function inferPad(c: OpContext): void {
  const dims = [...c.shape(0)]
  const pads = c.intsOrInput('pads', 1) ?? []
  const axes = c.has(3) ? c.needed(3) : dims.map((_, d) => d)
  if (pads.length !== 2 * axes.length) c.wrong(`${pads.length} pads for ${axes.length} axes`)
  axes.forEach((a, i) => {
    dims[c.axis(a, dims.length)]! += pads[i]! + pads[i + axes.length]!
  })
  const padded = dims.map((d) => Math.max(0, d))
  c.set(0, padded, c.type(0))
}
