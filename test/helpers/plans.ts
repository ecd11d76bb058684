import * as fc from 'fast-check'
import type { ComparedPlan, DecisionsDiff, ValueChange } from '../../src/plan/diff/index.js'
import { hashOf, type OrderEntry } from '../../src/plan/index.js'
import { hostileNames } from './instances.js'

type Json = Record<string, unknown>

/** A plan with these decisions and figures, of inputs that all plans share unless said otherwise. */
export function comparedPlan(
  decisions: object,
  prediction: object = { stepSeconds: 2, peakBytes: [100, 50] },
  inputs: Partial<ComparedPlan['provenance']['inputs']> = {},
): ComparedPlan {
  const identity = (name: string) => ({ name, sha256: hashOf(name) })
  const shared = { model: identity('m'), cluster: identity('c'), calibration: identity('data sheets'), options: {} }
  return {
    name: 'test',
    planHash: hashOf(decisions),
    provenance: { tool: 'stowage 0', inputs: { ...shared, ...inputs } },
    decisions,
    prediction,
  }
}

/** What the head's decisions are, from the base's and the difference: the meaning of a diff. */
export function applied(base: object, diff: DecisionsDiff): unknown {
  const result = structuredClone(base) as Json
  if (diff.placement) result.placement = appliedMoves(result.placement as Json, diff.placement.moves)
  if (diff.order) result.order = appliedOrder(result.order as OrderEntry[], diff.order)
  for (const change of [...diff.changes].reverse()) set(result, change)
  return result
}

function appliedMoves(base: Json, moves: NonNullable<DecisionsDiff['placement']>['moves']): Json {
  const devices = new Map(Object.entries(base))
  for (const [name, from, to] of moves) {
    if ((devices.get(name) ?? null) !== from) throw new Error(`${name} was not on ${from}`)
    if (to === null) devices.delete(name)
    else devices.set(name, to)
  }
  return Object.fromEntries(devices)
}

function appliedOrder(base: readonly OrderEntry[], diff: NonNullable<DecisionsDiff['order']>): OrderEntry[] {
  const gone = new Set(diff.removedAt)
  const order = base.filter((_, i) => !gone.has(i))
  for (const [position, entry] of diff.insertedAt) order.splice(position, 0, entry)
  return order
}

function set(target: Json, { path, ...change }: ValueChange): void {
  const parent = path.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, target)
  const key = path.at(-1)!
  const value = structuredClone((change as { head?: unknown }).head)
  if ('head' in change)
    Object.defineProperty(parent, key, { value, configurable: true, enumerable: true, writable: true })
  else if (Array.isArray(parent)) parent.splice(key as number, 1)
  else delete parent[key]
}

const names = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc
    .tuple(
      fc.constantFrom('transformer.h.', 'model/block_', 'node_add_', ''),
      fc.nat(12),
      fc.constantFrom('', '.attn', '/mlp/up'),
    )
    .map((parts) => parts.join('')),
)
const device = fc.nat(3)

const stage = fc.record({
  index: fc.nat(3),
  devices: fc.array(device, { maxLength: 3 }),
  modules: fc.array(names, { maxLength: 4 }),
})
const unit = fc.record({ modules: fc.array(names, { maxLength: 2 }), reshardAfterForward: fc.boolean() })
const layer = fc.record({ layer: fc.nat(2), slots: fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { maxLength: 3 }) })

/** Decisions of every part that there is, each there or not, few enough names that two of them meet; entries twice in an order, too. */
export const decisionsArbitrary: fc.Arbitrary<object> = fc.record(
  {
    placement: fc.array(fc.tuple(names, device), { maxLength: 30 }).map((entries) => Object.fromEntries(entries)),
    order: fc.array(fc.oneof(names, fc.tuple(names, device)), { maxLength: 30 }),
    mesh: fc.record({
      axes: fc.constantFrom(['pp', 'tp'], ['pp', 'dp', 'tp']),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
    }),
    stages: fc.array(stage, { maxLength: 4 }),
    fsdp: fc.record({ units: fc.array(unit, { maxLength: 4 }) }),
    experts: fc.record({ layers: fc.array(layer, { maxLength: 3 }) }),
    schedule: fc.record({ name: fc.constantFrom('gpipe', '1f1b'), microbatches: fc.nat(3) }),
    recompute: fc.dictionary(names, fc.constantFrom('full', 'selective'), { maxKeys: 3, noNullPrototype: true }),
    unheardOf: fc.jsonValue({ maxDepth: 4 }),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const amount = fc.constantFrom(0, 1, 1.5, 2e9)

export const predictionArbitrary: fc.Arbitrary<object> = fc.record(
  {
    stepSeconds: amount,
    stepSecondsInterval: fc.tuple(amount, amount),
    peakBytes: fc.array(amount, { maxLength: 3 }),
    fits: fc.boolean(),
    breakdown: fc.record({ compute: amount, bubble: amount }, { requiredKeys: [], noNullPrototype: true }),
    mfu: amount,
    price: fc.record({ perStep: amount, currency: fc.constantFrom('USD', 'EUR') }),
    calibration: fc.constantFrom('a', 'b'),
  },
  { requiredKeys: [], noNullPrototype: true },
)
