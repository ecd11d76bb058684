import type { CostedOp } from './interpret.js'
import { compare } from './names.js'
import type { Weight } from './tensor.js'

/** Which op holds each weight, and which ops must share a device because they share one. */
export interface Ownership {
  /** Sorted by name. */
  readonly weights: readonly {
    readonly weight: Weight
    readonly owner: CostedOp
    readonly readers: readonly CostedOp[]
  }[]
  readonly bytes: ReadonlyMap<CostedOp, number>
  readonly group: ReadonlyMap<CostedOp, string>
}

/**
 * A weight belongs to the first by name of the ops that use it. Ops that share a weight, directly or in a chain, form one group named
 * after the least of their weights.
 */
export function ownWeights(ops: readonly CostedOp[]): Ownership {
  const users = new Map<Weight, CostedOp[]>()
  for (const op of ops) {
    for (const weight of op.weights) {
      const list = users.get(weight)
      if (list) list.push(op)
      else users.set(weight, [op])
    }
  }
  const sorted = [...users.keys()].sort((a, b) => compare(a.name, b.name))
  const bytes = new Map<CostedOp, number>()
  const leader = new Map<CostedOp, CostedOp>()
  const find = (op: CostedOp): CostedOp => {
    let at = op
    for (let next = leader.get(at); next; next = leader.get(at)) at = next
    if (at !== op) leader.set(op, at)
    return at
  }
  const shared: [Weight, CostedOp][] = []
  const weights = sorted.map((weight) => {
    const by = users.get(weight)!
    const owner = by.reduce((first, op) => (compare(op.name, first.name) < 0 ? op : first))
    bytes.set(owner, (bytes.get(owner) ?? 0) + weight.byteCount)
    if (!isTied(weight, by)) return { weight, owner, readers: by }
    shared.push([weight, owner])
    for (const op of by) if (find(op) !== find(owner)) leader.set(find(op), find(owner))
    return { weight, owner, readers: by }
  })
  const groupName = new Map<CostedOp, string>()
  for (const [weight, owner] of shared) if (!groupName.has(find(owner))) groupName.set(find(owner), weight.name)
  const group = new Map<CostedOp, string>()
  for (const op of new Set(shared.flatMap(([weight]) => users.get(weight)!))) group.set(op, groupName.get(find(op))!)
  return { weights, bytes, group }
}

/**
 * Exporters merge equal constants, so that a bias of zeros, a mask or a table of angles serves every layer: tying those would glue the
 * model together for the sake of some kilobytes. Only a matrix that is multiplied or looked up, and larger than 64 KiB, ties its users.
 */
function isTied(weight: Weight, users: readonly CostedOp[]): boolean {
  return (
    users.length > 1 &&
    weight.byteCount > largestCopied &&
    users.some((op) => op.matrixFlops > 0 || op.type.startsWith('Gather'))
  )
}

const largestCopied = 64 << 10
