import { hasBias } from '../../model/index.js'
import { product, type Tensor, type Weight } from './builder.js'
import { type Context, elementwise, linear } from './layers.js'
import { activate, mlp } from './mlp.js'

/** A mixture of experts (GShard, arXiv 2006.16668): every token goes to topK experts, and to the shared ones. No token is dropped. */
export function experts(context: Context, prefix: string, x: Tensor): Tensor {
  const { model, build, names } = context
  const module = prefix.replace(/\.$/, '')
  const tokens = x.elements / model.hidden
  const [weights, choice] = route(context, prefix, x, tokens)
  const copies = [tokens * model.topK, model.hidden]
  const [sent] = build.add({
    name: `${prefix}dispatch`,
    type: 'Dispatch',
    module,
    inputs: [x, choice],
    outputs: [{ shape: copies }],
  })
  const inside = grouped(context, prefix, sent, model.gatedMlp ? 'gate_up_proj' : 'up_proj')
  const made = grouped(context, prefix, activate(context, `${prefix}experts.`, [inside]), 'down_proj')
  const [routed] = build.add({
    name: `${prefix}combine`,
    type: 'Combine',
    module,
    inputs: [made, weights, choice],
    outputs: [{ shape: x.shape }],
    vectorFlops: 2 * product(copies),
  })
  if (model.sharedFfn === 0) return routed
  const shared = sharedExperts(context, prefix, x)
  return elementwise(context, `${prefix}${names.shared}.add`, 'Add', module, [routed, shared])
}

/** Scores of all experts, then the best topK of each token: weights and numbers. */
function route(context: Context, prefix: string, x: Tensor, tokens: number): readonly Tensor[] {
  const { model, build, names } = context
  const module = `${prefix}${names.router}`
  const scores = linear(context, module, x, model.experts, hasBias(model, 'router'))
  const correction = { name: `${module}.e_score_correction_bias`, shape: [model.experts] }
  return build.add({
    name: `${module}.top_k`,
    type: 'TopK',
    module,
    inputs: [scores],
    weights: model.routerCorrection ? [correction] : [],
    outputs: [
      { shape: [tokens, model.topK], suffix: 'weights' },
      { shape: [tokens, model.topK], suffix: 'experts', dtype: 'int64' },
    ],
    // A softmax over the scores (five operations), and one comparison each.
    vectorFlops: 6 * scores.elements,
  })
}

/** One matrix an expert, all of them one parameter; a token's row meets its expert's only. Few tokens leave experts unread. */
function grouped({ model, build }: Context, prefix: string, x: Tensor, name: string): Tensor {
  const module = `${prefix}experts`
  const { experts, hidden, expertFfn } = model
  const isDown = name === 'down_proj'
  const [rows, inner] = x.shape
  const width = isDown ? hidden : (model.gatedMlp ? 2 : 1) * expertFfn
  const weight: Weight = { name: `${module}.${name}`, shape: [experts, width, inner] }
  const bias: Weight = { name: `${module}.${name}_bias`, shape: [experts, width] }
  const perElement = x.bytes / x.elements
  const readExperts = Math.min(experts, rows)
  const [made] = build.add({
    name: `${module}.${name}`,
    type: 'GroupedMatMul',
    module,
    inputs: [x],
    weights: hasBias(model, 'mlp') ? [weight, bias] : [weight],
    outputs: [{ shape: [rows, width] }],
    matrixFlops: 2 * x.elements * width,
    vectorFlops: hasBias(model, 'mlp') ? rows * width : 0,
    bytesAccessed: x.bytes + rows * width * perElement + readExperts * width * inner * perElement,
  })
  return made
}

/** The experts of every token as one MLP (DeepSeekMoE, arXiv 2401.06066), behind a gate of one number a token in Qwen2-MoE. */
function sharedExperts(context: Context, prefix: string, x: Tensor): Tensor {
  const { model, names } = context
  const module = `${prefix}${names.shared}`
  const made = mlp(context, `${module}.`, x, model.sharedFfn)
  if (!model.sharedGate) return made
  const gate = linear(context, `${module}_gate`, x, 1, false)
  return elementwise(context, `${module}.weigh`, 'Mul', module, [made, gate])
}
