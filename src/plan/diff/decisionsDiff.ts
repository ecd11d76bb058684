import type { OrderEntry } from '../types.js'
import { expertsDiff } from './expertsDiff.js'
import { fsdpDiff } from './fsdpDiff.js'
import { meshDiff } from './meshDiff.js'
import { orderDiff } from './orderDiff.js'
import { placementDiff } from './placementDiff.js'
import { stagesDiff } from './stagesDiff.js'
import type { DecisionsDiff } from './types.js'
import { valueChanges } from './valueChanges.js'

/**
 * Every decision that differs. Placement and order, which hold an entry an op, are told by moves; all else value by value, with sums for what people ask
 * after: mesh, stages, units, experts. A part that one plan lacks is one change.
 */
export function decisionsDiff(
  base: object,
  head: object,
  moduleOf: (name: string) => string | undefined = () => undefined,
): DecisionsDiff {
  const both = <T>(part: string): readonly [T, T] | undefined => {
    if (!Object.hasOwn(base, part) || !Object.hasOwn(head, part)) return undefined
    return [(base as Record<string, T>)[part], (head as Record<string, T>)[part]]
  }
  const changes = valueChanges(
    base,
    head,
    [],
    (path) => (path[0] === 'placement' || path[0] === 'order') && both(`${path[0]}`) !== undefined,
  )
  const differs = (part: string) => changes.some(({ path }) => path[0] === part)
  const summed = <T, R>(part: string, sum: (base: T, head: T) => R): R | undefined => {
    const pair = both<T>(part)
    return pair && differs(part) ? sum(...pair) : undefined
  }
  const placements = both<Readonly<Record<string, number>>>('placement')
  const orders = both<readonly OrderEntry[]>('order')
  const parts = {
    placement: placements && placementDiff(...placements, moduleOf),
    order: orders && orderDiff(...orders),
    mesh: summed('mesh', meshDiff),
    stages: summed('stages', stagesDiff),
    fsdp: summed('fsdp', fsdpDiff),
    experts: summed('experts', expertsDiff),
  }
  const { placement, order } = parts
  const isMoved = (placement?.moves.length ?? 0) + (order?.removedAt.length ?? 0) + (order?.insertedAt.length ?? 0) > 0
  return { same: !isMoved && changes.length === 0, ...parts, changes }
}
