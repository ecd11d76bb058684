import { arrange } from './arrange.js'
import type { Certificate, Kind, RaggedTensor } from './types.js'

export interface Layout {
  readonly shardElements: number
  /** In the order of the tensors that were given. */
  readonly offsets: readonly number[]
  readonly bound: Certificate
}

/** Lays tensors into one buffer with the smallest shard found; the order in which they are given makes no difference. */
export function layOut(tensors: readonly RaggedTensor[], devices: number, unitElements: number): Layout {
  const { kinds, members } = kindsOf(tensors)
  if (kinds.length === 0)
    return { shardElements: 0, offsets: tensors.map(() => 0), bound: { shardElements: 0, reason: 'volume' } }
  const { arrangement, bound } = arrange({ kinds, devices, unitElements })
  const offsets = tensors.map(() => 0)
  const used = kinds.map(() => 0)
  arrangement.kinds.forEach((kind, i) => {
    offsets[members[kind][used[kind]++]] = arrangement.starts[i]
  })
  return { shardElements: arrangement.shardElements, offsets, bound }
}

/** From the hardest to cut to the easiest, each with its tensors by name; empty tensors lie anywhere. */
function kindsOf(tensors: readonly RaggedTensor[]) {
  const members = new Map<string, number[]>()
  const byName = tensors.map((_, i) => i).sort((a, b) => (tensors[a].name < tensors[b].name ? -1 : 1))
  for (const i of byName) {
    const { elements, granularity } = tensors[i]
    if (elements === 0) continue
    // A tensor of one block is cut nowhere: its block is all of it.
    const key = `${elements} ${Math.min(elements, granularity)}`
    const list = members.get(key)
    if (list) list.push(i)
    else members.set(key, [i])
  }
  const groups = [...members.values()].map((list) => {
    const { elements, granularity } = tensors[list[0]]
    return { kind: { elements, granularity: Math.min(elements, granularity), count: list.length } as Kind, list }
  })
  groups.sort((a, b) => b.kind.granularity - a.kind.granularity || b.kind.elements - a.kind.elements)
  return { kinds: groups.map(({ kind }) => kind), members: groups.map(({ list }) => list) }
}
