import { type Activation, hasBias } from '../../model/index.js'
import type { Tensor } from './builder.js'
import { type Context, elementwise, linear } from './layers.js'

/** A plain MLP of width `ffn`; `prefix` is what stands before its layers' names: "model.layers.0.mlp.". */
export function mlp(context: Context, prefix: string, x: Tensor, ffn: number): Tensor {
  const { model, names } = context
  const isBiased = hasBias(model, 'mlp')
  const up = (name: string, width: number) => linear(context, prefix + name, x, width, isBiased)
  let inside: Tensor[]
  if (!model.gatedMlp) inside = [up(names.up, ffn)]
  else if (names.gateUp) inside = [up(names.gateUp, 2 * ffn)]
  else inside = [up(names.gate, ffn), up(names.up, ffn)]
  const activated = activate(context, prefix, inside)
  return linear(context, prefix + names.down, activated, model.hidden, isBiased)
}

/** The activation of an MLP, times the other half where it is gated: of two tensors, or of the halves of one. */
export function activate(context: Context, prefix: string, inside: readonly Tensor[]): Tensor {
  const { model, build } = context
  const { type, operations } = kernels[model.activation]
  const module = prefix.replace(/\.$/, '')
  const name = `${prefix}act`
  if (!model.gatedMlp) return elementwise(context, name, type, module, inside, operations)
  const [{ shape, elements }] = inside
  const width = inside.length === 2 ? shape.at(-1)! : shape.at(-1)! / 2
  const made = (elements / shape.at(-1)!) * width
  const outputs = [{ shape: [...shape.slice(0, -1), width] }]
  const gated = gatedType[type] ?? type
  return build.add({ name, type: gated, module, inputs: inside, outputs, vectorFlops: (operations + 1) * made })[0]
}

/** Operations per element as the ONNX reader counts them; a gate's product comes on top. */
const kernels: Readonly<Record<Activation, { readonly type: string; readonly operations: number }>> = {
  gelu: { type: 'Gelu', operations: 4 },
  geglu: { type: 'Gelu', operations: 4 },
  relu: { type: 'Relu', operations: 1 },
  silu: { type: 'Swish', operations: 3 },
  swiglu: { type: 'Swish', operations: 3 },
}

const gatedType: Readonly<Record<string, string>> = { Gelu: 'GeGLU', Relu: 'ReGLU', Swish: 'SwiGLU' }
