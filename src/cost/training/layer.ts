import { attentionSeconds, type PassSeconds } from './attention.js'
import { type CostContext, tokensPerRank } from './context.js'
import { expertSeconds } from './experts.js'
import { groupLink, ringRate } from './links.js'
import { type MatrixRate, matmulSeconds, matrixRate } from './matmul.js'

/** One layer and microbatch on one rank. Compute and exposed communication are disjoint; recomputation is part of backward. */
export interface LayerSeconds {
  readonly forwardCompute: number
  readonly backwardCompute: number
  readonly forwardCommunication: number
  readonly backwardCommunication: number
  /** Of backwardCompute, what a split backward can put off: gradients of weights. */
  readonly weightGradient: number
}

/**
 * Seconds of one transformer layer under tensor, context and expert parallelism. A pass lasts as long as the slower of device and host; near
 * equality both are felt (a soft maximum of power 6).
 */
export function layerSeconds(context: CostContext, withExperts: boolean): LayerSeconds {
  const { recipe, sharing, coefficients: c } = context
  const t = sharing.degrees.tensor
  const dense = projections(context)
  const attention = attentionSeconds(context)
  const elementwise = elementwiseSeconds(context, withExperts)
  const mlp = withExperts ? expertSeconds(context) : { ...denseMlp(context), communication: 0 }

  const forward = dense + mlp.forward + attention.forward + elementwise
  const plainBackward = 2 * dense + mlp.backward + attention.backward + 1.4 * elementwise
  const again =
    recipe.recompute === 'full' ? forward : recipe.recompute === 'selective' ? attentionAgain(context, attention) : 0
  const backward = plainBackward + again

  const collective = tensorCollective(context)
  const repeats = recipe.recompute === 'full' ? 2 : 0
  const forwardCommunication = 2 * collective + 2 * mlp.communication
  const backwardCommunication = (2 + repeats) * collective + (2 + repeats) * mlp.communication

  const host =
    c.hostLayerSeconds +
    (t > 1 ? c.hostTensorSeconds * (t / 2) ** c.hostTensorExponent : 0) +
    (withExperts ? c.hostExpertSeconds : 0) +
    congestion(context)
  const backwardPasses = recipe.recompute === 'full' ? 3 : 2
  const f = softMaximum(forward + forwardCommunication, host)
  const b = softMaximum(backward + backwardCommunication, backwardPasses * host)
  return {
    forwardCompute: f - forwardCommunication,
    backwardCompute: b - backwardCommunication,
    forwardCommunication,
    backwardCommunication,
    weightGradient: dense + mlp.weightGradient,
  }
}

const softMaximum = (a: number, b: number): number => {
  const larger = Math.max(a, b)
  if (larger <= 0) return 0
  return larger * ((a / larger) ** 6 + (b / larger) ** 6) ** (1 / 6)
}

/** Selective recomputation redoes the attention core; fused kernels do so anyway and pay it in their backward. */
function attentionAgain({ habits, model }: CostContext, attention: PassSeconds): number {
  return habits.unfusedAttention || model.attentionKernel === 'math' ? attention.forward : 0
}

/** The linear layers of attention, forward. */
function projections(context: CostContext): number {
  const { model, recipe, sharing, cluster, coefficients } = context
  const t = sharing.degrees.tensor
  const n = tokensPerRank(context)
  const rate = matrixRate(cluster.sheet.kind, recipe.precision, coefficients)
  const product = (width: number, depth: number) => matmulSeconds(context, rate, n, width, depth)
  const queries = (model.heads * model.headDim) / t
  const output = product(model.hidden, (model.heads * model.vHeadDim) / t)
  if (model.attention === 'mla') {
    const query = model.qLoraRank
      ? product(model.qLoraRank, model.hidden) + product(queries, model.qLoraRank)
      : product(queries, model.hidden)
    const down = product(model.kvLoraRank + model.qkRopeHeadDim, model.hidden)
    const up = product((model.heads * (model.qkNopeHeadDim + model.vHeadDim)) / t, model.kvLoraRank)
    return query + down + up + output
  }
  // A group with fewer key heads than ranks holds copies of them.
  const kvHeads = Math.max(1, model.kvHeads / t)
  return product(queries + kvHeads * (model.headDim + model.vHeadDim), model.hidden) + output
}

function denseMlp(context: CostContext): PassSeconds & { readonly weightGradient: number } {
  const { model, recipe, sharing, cluster, coefficients } = context
  const rate = matrixRate(cluster.sheet.kind, recipe.precision, coefficients)
  const forward = mlpProducts(context, rate, tokensPerRank(context), model.ffn / sharing.degrees.tensor)
  return { forward, backward: 2 * forward, weightGradient: forward }
}

/** Up (two of them with a gate, fused) and down. */
export function mlpProducts(context: CostContext, rate: MatrixRate, tokens: number, width: number): number {
  const { hidden, gatedMlp } = context.model
  const up = matmulSeconds(context, rate, tokens, (gatedMlp ? 2 : 1) * width, hidden)
  return up + matmulSeconds(context, rate, tokens, hidden, width)
}

/** Norms, residuals, rotary positions, activation and dropout, forward, as passes over memory in 16 bits; and casts to narrow types. */
function elementwiseSeconds(context: CostContext, withExperts: boolean): number {
  const { model, recipe, sharing, cluster, coefficients: c } = context
  const t = sharing.degrees.tensor
  const shared = sharing.sequenceParallel ? t : 1
  const n = tokensPerRank(context)
  const { hidden, gatedMlp } = model
  const ffn = withExperts ? model.topK * model.expertFfn + model.sharedFfn : model.ffn
  const passes = hidden * (14 / shared + 4 / t) + (ffn / t) * (gatedMlp ? 3 : 2.5)
  const narrow = recipe.precision === 'fp8' || recipe.precision === 'mxfp8' || recipe.precision === 'nvfp4'
  const casts = narrow ? c.quantiseTraffic * 3 * n * (2 * hidden + (hidden + ffn) / t) : 0
  return (c.elementwiseTraffic * 2 * n * passes + casts) / cluster.sheet.kind.memoryBytesPerSecond
}

/** One of the two collectives of a layer's forward: an all-reduce, or with sequence parallelism a gather and a scatter of the same bytes. */
function tensorCollective(context: CostContext): number {
  const { model, sharing, coefficients: c } = context
  const t = sharing.degrees.tensor
  if (t === 1) return 0
  const link = groupLink(context, 'tensor')
  const bytes = 2 * tokensPerRank(context) * model.hidden
  const hops = link.domains > 1 ? c.ringHopSeconds * (t - 1) : 0
  return c.exposedTensor * (link.latencySeconds + hops + (2 * bytes * (t - 1)) / t / ringRate(link))
}

/** The slow regime of some networks, a time of its own for every pass; see `StackHabits.congestedRegime`. */
function congestion(context: CostContext): number {
  const { sharing, coefficients: c } = context
  return isCongested(context) ? c.congestedLayerSeconds * sharing.degrees.tensor ** c.congestedExponent : 0
}

/** Large jobs tell by their own test of the network; in small ones, and without the test, pipelines across hosts meet it. */
export function isCongested({ habits, sharing, cluster }: CostContext): boolean {
  const hosts = cluster.devices / cluster.domainDevices
  if (!habits.congestedRegime || hosts <= 1) return false
  const observed = cluster.observedAllReduceBytesPerSecond
  if (observed !== undefined && hosts >= 8) return observed < 0.6 * healthyAllReduce(cluster.devices)
  return sharing.degrees.pipeline > 1
}

/** Bus bandwidth that healthy jobs of so many devices observe in the all-reduce test of the measured cluster (nanotron's runs, docs/accuracy.md). */
export function healthyAllReduce(devices: number): number {
  return devices <= 8 ? 455e9 : devices <= 16 ? 430e9 : devices <= 32 ? 200e9 : 185e9
}
