import type { OpContext } from '../context.js'
import { type Cost, type Operators, perElementMade } from './operator.js'

/** Attention of operator set 23 and later. Work: queries x keys and weights x values, masked parts included. */
export const attention: Operators = {
  Attention: { infer: inferAttention, cost: attentionCost, isFoldable: false, settings: [3] },
  LinearAttention: { infer: inferLinear, cost: linearCost, isFoldable: false, settings: [3] },
  RotaryEmbedding: { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: perElementMade(3) },
}

interface Heads {
  readonly batch: number
  readonly heads: number
  readonly length: number
  readonly size: number
}

/** [batch, heads, length, size], or [batch, length, heads x size] with the heads in an attribute. */
function headsOf(c: OpContext, i: number, attribute: string): Heads {
  const shape = c.shape(i)
  if (shape.length === 4) return { batch: shape[0]!, heads: shape[1]!, length: shape[2]!, size: shape[3]! }
  const heads = c.int(attribute, 0)
  if (shape.length !== 3 || heads < 1 || shape[2]! % heads !== 0)
    return c.wrong(`input ${i} does not divide into ${heads} heads`)
  return { batch: shape[0]!, heads, length: shape[1]!, size: shape[2]! / heads }
}

function inferAttention(c: OpContext): void {
  const q = headsOf(c, 0, 'q_num_heads')
  const k = headsOf(c, 1, 'kv_num_heads')
  const v = headsOf(c, 2, 'kv_num_heads')
  const total = k.length + pastLength(c)
  const isFlat = c.rank(0) === 3
  c.set(0, isFlat ? [q.batch, q.length, q.heads * v.size] : [q.batch, q.heads, q.length, v.size], c.type(0))
  c.set(1, [k.batch, k.heads, total, k.size], c.type(1))
  c.set(2, [v.batch, v.heads, total, v.size], c.type(2))
  c.set(3, [q.batch, q.heads, q.length, total], c.type(0))
}

function pastLength(c: OpContext): number {
  return c.has(4) ? (c.shape(4)[2] ?? 0) : 0
}

function attentionCost(c: OpContext): Cost {
  const q = headsOf(c, 0, 'q_num_heads')
  const total = headsOf(c, 1, 'kv_num_heads').length + pastLength(c)
  const scores = q.batch * q.heads * q.length * total
  const matrixFlops = 2 * scores * (q.size + headsOf(c, 2, 'kv_num_heads').size)
  // Scale, mask and the five operations of a softmax.
  return { flops: matrixFlops + 7 * scores, matrixFlops }
}

interface Recurrence {
  readonly batch: number
  readonly length: number
  readonly heads: number
  readonly kvHeads: number
  readonly keySize: number
  readonly valueSize: number
}

function recurrenceOf(c: OpContext): Recurrence {
  const q = headsOf(c, 0, 'q_num_heads')
  const v = headsOf(c, 2, 'kv_num_heads')
  return { batch: q.batch, length: q.length, heads: q.heads, kvHeads: v.heads, keySize: q.size, valueSize: v.size }
}

function inferLinear(c: OpContext): void {
  const r = recurrenceOf(c)
  c.set(0, [r.batch, r.length, r.heads * r.valueSize], c.type(0))
  c.set(1, [r.batch, r.kvHeads, r.keySize, r.valueSize], c.has(3) ? c.type(3) : c.type(0))
}

/** Each token writes a key x value product into the state and reads the state with its query; the delta rules read it once more. */
function linearCost(c: OpContext): Cost {
  const r = recurrenceOf(c)
  const writes = c.text('update_rule', 'gated_delta').includes('delta') ? 2 : 1
  const matrixFlops = 2 * r.batch * r.length * r.keySize * r.valueSize * (r.heads + writes * r.kvHeads)
  return { flops: matrixFlops, matrixFlops }
}
