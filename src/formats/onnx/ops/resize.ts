import type { OpContext } from '../context.js'
import type { Cost, Operators } from './operator.js'

/** Interpolation to another size. */
export const resize: Operators = {
  Resize: { infer: inferResize, cost: resizeCost, settings: [1, 2] },
  Upsample: { infer: inferResize, cost: resizeCost, settings: [1] },
}

function inferResize(c: OpContext): void {
  const dims = [...c.shape(0)]
  const axes = (c.ints('axes') ?? dims.map((_, d) => d)).map((a) => c.axis(a, dims.length))
  const { sizes, scales } = targets(c)
  const ratios = axes.map((axis, i) => (sizes ? sizes[i]! / dims[axis]! : scales[i]!))
  const policy = c.text('keep_aspect_ratio_policy', 'stretch')
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
  axes.forEach((axis, i) => {
    if (sizes) dims[axis] = policy === 'stretch' ? sizes[i]! : Math.round(dims[axis]! * common)
    // Scales are stored as floats: 1.9999999 times 3 is meant to be 6.
    else dims[axis] = Math.floor(dims[axis]! * ratios[i]! + 1e-4)
  })
  c.set(0, dims, c.type(0))
}

interface Targets {
  readonly sizes?: readonly number[]
  readonly scales: readonly number[]
}

/** Scales came as an attribute (Upsample-7), as input 1 (Upsample-9, Resize-10), then as input 2 beside sizes. */
function targets(c: OpContext): Targets {
  const isResize = c.node.type === 'Resize'
  if (isResize && c.has(3) && c.shape(3)[0] !== 0) return { sizes: c.needed(3), scales: [] }
  const scalesAt = isResize && (c.opset >= 11 || c.inputs.length > 2) ? 2 : 1
  const scales = c.has(scalesAt) ? c.needed(scalesAt) : c.attribute('scales')?.floats
  return scales ? { scales } : c.wrong('neither sizes nor scales')
}

/** Taps of the interpolation in each resized dimension: 1 nearest, 2 linear, 4 cubic; a multiply and an add each. */
function resizeCost(c: OpContext): Cost {
  const mode = c.text('mode', 'nearest')
  if (mode === 'nearest') return { flops: 0 }
  const resized = c.shape(0).filter((size, d) => size !== c.outputs[0]?.shape?.[d]).length
  return { flops: 2 * c.made() * (mode === 'cubic' ? 4 : 2) ** resized }
}
