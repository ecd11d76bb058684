import type { OpContext } from '../context.js'
import { product } from '../tensor.js'
import { type Cost, type Operators, perElementMade } from './operator.js'

/** Attention as ONNX Runtime fuses it. Work: queries x keys and weights x values, whole, and any projection that is inside. */
export const contribAttention: Operators = {
  Attention: { infer: inferProjected, cost: projectedCost, isFoldable: false, settings: [3, 5] },
  QAttention: {
    infer: inferProjected,
    cost: projectedCost,
    isFoldable: false,
    quantised: [1],
    settings: [3, 4, 5, 6, 7],
  },
  MultiHeadAttention: {
    infer: inferMultiHead,
    cost: (c) => attentionCost(multiHead(c)),
    isFoldable: false,
    settings: [4, 5],
  },
  GroupQueryAttention: {
    infer: inferGrouped,
    cost: (c) => attentionCost(grouped(c)),
    isFoldable: false,
    settings: [10, 12, 13],
  },
  RotaryEmbedding: { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: perElementMade(3) },
  MoE: { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: (c) => expertsCost(c, [2, 4, 6]), isFoldable: false },
  QMoE: {
    infer: (c) => c.set(0, c.shape(0), c.type(0)),
    cost: (c) => expertsCost(c, [2, 5, 8], 8 / c.int('expert_weight_bits', 4)),
    isFoldable: false,
    quantised: [2, 5, 8],
    settings: [3, 6, 9],
  },
}

interface Heads {
  readonly batch: number
  readonly heads: number
  readonly kvHeads: number
  readonly queries: number
  readonly keys: number
  readonly keySize: number
  readonly valueSize: number
}

function attentionCost(a: Heads, projection = 0): Cost {
  const scores = a.batch * a.heads * a.queries * a.keys
  const matrixFlops = projection + 2 * scores * (a.keySize + a.valueSize)
  // Scale, mask and softmax, as for the standard operator.
  return { flops: matrixFlops + 7 * scores, matrixFlops }
}

/** Attention: one projection of the input to queries, keys and values comes first. */
function projected(c: OpContext): Heads {
  const [batch, length] = c.shape(0)
  const heads = Math.max(1, c.int('num_heads', 1))
  const third = c.shape(1).at(-1)! / 3
  const [queries = third, , values = third] = c.ints('qkv_hidden_sizes') ?? []
  const pastInput = c.node.type === 'QAttention' ? 8 : 4
  const past = c.has(pastInput) ? (c.shape(pastInput)[3] ?? 0) : 0
  const sizes = { keySize: queries / heads, valueSize: values / heads }
  return { batch: batch!, heads, kvHeads: heads, queries: length!, keys: length! + past, ...sizes }
}

function inferProjected(c: OpContext): void {
  const a = projected(c)
  const type = c.node.type === 'QAttention' ? c.type(3) : c.type(0)
  c.set(0, [a.batch, a.queries, a.heads * a.valueSize], type)
  c.set(1, [2, a.batch, a.heads, a.keys, a.keySize], type)
}

function projectedCost(c: OpContext): Cost {
  return attentionCost(projected(c), 2 * c.elements(0) * c.shape(1).at(-1)!)
}

function multiHead(c: OpContext): Heads {
  const q = c.shape(0)
  const heads = Math.max(1, c.int('num_heads', 1))
  const isPacked = q.length === 5
  const queries = q[1]!
  const keySize = isPacked ? q[4]! : q[2]! / heads
  const past = c.has(6) ? (c.shape(6)[2] ?? 0) : 0
  if (isPacked || !c.has(1))
    return { batch: q[0]!, heads, kvHeads: heads, queries, keys: queries + past, keySize, valueSize: keySize }
  const k = c.shape(1)
  // Keys come as [batch, length, hidden], as [batch, heads, length, size], or with values as [batch, length, heads, 2, size].
  const own = k.length === 4 ? k[2]! : k[1]!
  const v = c.has(2) ? c.shape(2) : undefined
  const valueSize = !v ? keySize : v.length === 4 ? v[3]! : v[2]! / heads
  return { batch: q[0]!, heads, kvHeads: heads, queries, keys: own + past, keySize, valueSize }
}

function inferMultiHead(c: OpContext): void {
  const a = multiHead(c)
  c.set(0, [a.batch, a.queries, a.heads * a.valueSize], c.type(0))
  c.set(1, [a.batch, a.heads, a.keys, a.keySize], c.type(0))
  c.set(2, [a.batch, a.heads, a.keys, a.valueSize], c.type(0))
  c.set(3, [a.batch, a.heads, a.queries, a.keys], c.type(0))
}

/** GroupQueryAttention: keys and values may be packed behind the queries; the cache may be longer than what it holds. */
function grouped(c: OpContext): Heads {
  const [batch, queries, hidden] = c.shape(0)
  const heads = Math.max(1, c.int('num_heads', 1))
  const kvHeads = Math.max(1, c.int('kv_num_heads', heads))
  const size = hidden! / (c.has(1) ? heads : heads + 2 * kvHeads)
  const total = c.values(6)?.[0]
  const past = c.has(3) ? (c.shape(3)[2] ?? 0) : 0
  const keys = total ?? past + queries!
  return { batch: batch!, heads, kvHeads, queries: queries!, keys, keySize: size, valueSize: size }
}

function inferGrouped(c: OpContext): void {
  const a = grouped(c)
  const cache = [a.batch, a.kvHeads, Math.max(a.keys, c.has(3) ? (c.shape(3)[2] ?? 0) : 0), a.keySize]
  c.set(0, [a.batch, a.queries, a.heads * a.valueSize], c.type(0))
  c.set(1, cache, c.has(3) ? c.type(3) : c.type(0))
  c.set(2, cache, c.has(4) ? c.type(4) : c.type(0))
}

/** Each token visits k experts; an expert's matrices are [experts, in, out]. */
function expertsCost(c: OpContext, weights: readonly number[], perElement = 1): Cost {
  const tokens = product(c.shape(0), 0, c.rank(0) - 1)
  const perExpert = weights.reduce((sum, i) => sum + (c.has(i) ? product(c.shape(i), 1) * perElement : 0), 0)
  const matrixFlops = 2 * tokens * c.int('k', 1) * perExpert
  return { flops: matrixFlops, matrixFlops }
}
