import { hasBias } from '../../model/index.js'
import { product, type Tensor, view } from './builder.js'
import { bytes, type Context, linear, norm } from './layers.js'

/** One attention: projections, rotary positions, the core, the projection back. `module` is its full name. */
export function attention(context: Context, module: string, x: Tensor): Tensor {
  const { model, names } = context
  const inputs = model.attention === 'mla' ? latent(context, module, x) : separate(context, module, x)
  const mixed = core(context, module, inputs, x.shape)
  return linear(context, `${module}.${names.output}`, mixed, model.hidden, hasBias(model, 'output'))
}

/** Queries, keys and values by one projection or three; grouped heads of keys and values: arXiv 2305.13245. */
function separate(context: Context, module: string, x: Tensor): Tensor[] {
  const { model } = context
  const { heads, kvHeads, headDim, vHeadDim } = model
  const widths = [heads * headDim, kvHeads * headDim, kvHeads * vHeadDim]
  let [q, k, v] = projections(context, module, x, widths)
  if (model.qkNorm) [q, k] = [normHeads(context, module, q, 'q'), normHeads(context, module, k, 'k')]
  if (model.positions === 'rope') [q, k] = rotary(context, module, [q, k], widths[0], widths[1])
  return [q, expand(context, module, k, 'k'), expand(context, module, v, 'v')]
}

function projections(context: Context, module: string, x: Tensor, widths: readonly number[]): Tensor[] {
  const { model, names } = context
  const isBiased = hasBias(model, 'qkv')
  if (typeof names.qkv !== 'string')
    return names.qkv.map((name, i) => linear(context, `${module}.${name}`, x, widths[i], isBiased))
  const packed = linear(context, `${module}.${names.qkv}`, x, widths[0] + widths[1] + widths[2], isBiased)
  return widths.map((width) => view(packed, [...x.shape.slice(0, -1), width]))
}

/** Multi-head latent attention as trained (DeepSeek-V2, arXiv 2405.04434, section 2.1): keys and values are brought back to every head. */
function latent(context: Context, module: string, x: Tensor): Tensor[] {
  const { model } = context
  const { heads, headDim, qLoraRank, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim } = model
  const isBiased = hasBias(model, 'output')
  const named = (name: string) => `${module}.${name}`
  let q: Tensor
  if (qLoraRank) {
    const down = linear(context, named('q_a_proj'), x, qLoraRank, isBiased)
    q = linear(context, named('q_b_proj'), norm(context, named('q_a_layernorm'), down, true), heads * headDim, false)
  } else q = linear(context, named('q_proj'), x, heads * headDim, false)
  const down = linear(context, named('kv_a_proj_with_mqa'), x, kvLoraRank + qkRopeHeadDim, isBiased)
  const ranks = view(down, [...down.shape.slice(0, -1), kvLoraRank])
  const normed = norm(context, named('kv_a_layernorm'), ranks, true)
  const kv = linear(context, named('kv_b_proj'), normed, heads * (qkNopeHeadDim + vHeadDim), false)
  const [rotatedQ, k] = rotary(context, module, [q, kv, down], heads * headDim, heads * headDim)
  return [rotatedQ, k, kv]
}

/** An RMS norm over each head (Qwen3); its weight serves every head. */
function normHeads({ model, build }: Context, module: string, x: Tensor, which: 'q' | 'k'): Tensor {
  const name = `${module}.${which}_norm`
  const [made] = build.add({
    name,
    type: 'RMSNormalization',
    module: name,
    inputs: [x],
    weights: [{ name: `${name}.weight`, shape: [model.headDim] }],
    outputs: [{ shape: x.shape }],
    vectorFlops: 4 * x.elements,
  })
  return made
}

/** Rotary positions (arXiv 2104.09864, equation 34): two products and a sum an element of queries and keys. */
function rotary(context: Context, module: string, inputs: readonly Tensor[], qWidth: number, kWidth: number): Tensor[] {
  const rows = inputs[0].shape.slice(0, -1)
  const outputs = [
    { shape: [...rows, qWidth], suffix: 'q' },
    { shape: [...rows, kWidth], suffix: 'k' },
  ]
  const made = outputs.reduce((sum, { shape }) => sum + product(shape), 0)
  return [
    ...context.build.add({
      name: `${module}.rotary`,
      type: 'RotaryEmbedding',
      module,
      inputs,
      outputs,
      vectorFlops: 3 * made,
      bytesAccessed: 2 * outputs.reduce((sum, { shape }) => sum + bytes(context.build, shape), 0),
    }),
  ]
}

/** A copy of keys or values for every query head, where the kernel cannot read grouped ones. */
function expand({ model, build }: Context, module: string, x: Tensor, which: 'k' | 'v'): Tensor {
  const { expandKv, heads, kvHeads, headDim, vHeadDim } = model
  if (!expandKv || kvHeads === heads) return x
  const width = which === 'k' ? headDim : vHeadDim
  const [made] = build.add({
    name: `${module}.repeat_${which}`,
    type: 'Expand',
    module,
    inputs: [x],
    outputs: [{ shape: [...x.shape.slice(0, -1), heads * width] }],
  })
  return made
}

/**
 * Queries x keys and weights x values over all seq x seq pairs, masked ones included, as torch's FLOP counter and ONNX's Attention have it.
 * The plain kernel also writes scores and weights and reads both back (FlashAttention, arXiv 2205.14135, algorithm 0 and theorem 2).
 */
function core({ model, build }: Context, module: string, inputs: readonly Tensor[], shape: readonly number[]): Tensor {
  const { heads, headDim, vHeadDim, attentionKernel, sinks } = model
  const [batch, seq] = shape
  const scores = batch * heads * seq * seq
  const scoreBytes = bytes(build, [scores])
  const out = [batch, seq, heads * vHeadDim]
  const read = bytes(build, [batch, seq, heads * headDim + keyValueWidth(model)])
  const [made] = build.add({
    name: `${module}.attention`,
    type: 'Attention',
    module,
    inputs,
    weights: sinks ? [{ name: `${module}.sinks`, shape: [heads] }] : [],
    outputs: [{ shape: out }],
    matrixFlops: 2 * scores * (headDim + vHeadDim),
    // Scale, mask and the five operations of a softmax, as the ONNX reader counts.
    vectorFlops: 7 * scores,
    bytesAccessed: read + bytes(build, out) + (attentionKernel === 'math' ? 4 * scoreBytes : 0),
    temporaryBytes: attentionKernel === 'math' ? 2 * scoreBytes : 0,
  })
  return made
}

function keyValueWidth({ attention, expandKv, heads, kvHeads, headDim, vHeadDim }: Context['model']): number {
  return (attention === 'mla' || expandKv ? heads : kvHeads) * (headDim + vHeadDim)
}
