import type { PipelineOrder } from './pipelineOrder.js'

/**
 * Ideals of an order: sets of components closed under predecessors. Numbered by size, the empty one first and the full one last.
 * Ideal i grows by component added[k] into ideal larger[k], for k in start[i] .. start[i+1); it is parent[i] and component last[i].
 */
export interface IdealLattice {
  readonly count: number
  readonly componentCount: number
  readonly size: Int32Array
  readonly parent: Int32Array
  readonly last: Int32Array
  readonly start: Int32Array
  readonly added: Int32Array
  readonly larger: Int32Array
}

/** All ideals; undefined when there are more than `mostIdeals`: they are counted as they are made, size after size. */
export function idealLattice(order: PipelineOrder, mostIdeals: number): IdealLattice | undefined {
  const { count: componentCount, predecessors, successors } = order
  const keys = componentKeys(componentCount)
  const made = { size: [0], parent: [-1], last: [-1], start: [0], added: [] as number[], larger: [] as number[] }
  let level: Member[] = [firstMember(order)]
  let first = 0
  for (let size = 0; size < componentCount; size++) {
    const next: Member[] = []
    const firstNext = first + level.length
    const byHash = new Map<number, Member>()
    for (const [i, member] of level.entries()) {
      for (const c of member.ready) {
        const hash = (member.hash ^ keys[c]) >>> 0
        let grown = byHash.get(hash)
        while (grown && !isGrown(grown.bits, member.bits, c)) grown = grown.sameHash
        if (!grown) {
          if (firstNext + next.length >= mostIdeals) return undefined
          grown = grow(member, c, hash, byHash.get(hash), successors, predecessors)
          grown.number = firstNext + next.length
          byHash.set(hash, grown)
          next.push(grown)
          made.size.push(size + 1)
          made.parent.push(first + i)
          made.last.push(c)
        }
        made.added.push(c)
        made.larger.push(grown.number)
      }
      made.start.push(made.added.length)
    }
    level = next
    first = firstNext
  }
  made.start.push(made.added.length)
  const columns = Object.fromEntries(Object.entries(made).map(([name, list]) => [name, Int32Array.from(list)]))
  return { count: made.size.length, componentCount, ...(columns as Omit<IdealLattice, 'count' | 'componentCount'>) }
}

/** The ideals of one total order: its prefixes. */
export function prefixLattice(sequence: Int32Array): IdealLattice {
  const count = sequence.length + 1
  const upTo = (shift: number) => Int32Array.from({ length: count }, (_, i) => i + shift)
  const start = upTo(0)
  return {
    count,
    componentCount: sequence.length,
    size: upTo(0),
    parent: upTo(-1),
    last: Int32Array.from({ length: count }, (_, i) => (i === 0 ? -1 : sequence[i - 1])),
    start: Int32Array.from([...start, sequence.length]),
    added: sequence,
    larger: upTo(1).slice(0, sequence.length),
  }
}

/** An ideal while its size is being worked on: only two sizes are held at a time. */
interface Member {
  readonly bits: Int32Array
  readonly ready: readonly number[]
  readonly hash: number
  readonly sameHash?: Member
  number: number
}

function firstMember({ count, predecessors }: PipelineOrder): Member {
  const ready: number[] = []
  for (let c = 0; c < count; c++) if (predecessors.start[c] === predecessors.start[c + 1]) ready.push(c)
  return { bits: new Int32Array((count + 31) >>> 5), ready, hash: 0, number: 0 }
}

function isGrown(grown: Int32Array, bits: Int32Array, c: number): boolean {
  for (let w = 0; w < bits.length; w++)
    if (grown[w] !== (w === c >>> 5 ? bits[w] | (1 << (c & 31)) : bits[w])) return false
  return true
}

function grow(
  { bits: before, ready: readyBefore }: Member,
  c: number,
  hash: number,
  sameHash: Member | undefined,
  successors: PipelineOrder['successors'],
  predecessors: PipelineOrder['predecessors'],
): Member {
  const bits = before.slice()
  bits[c >>> 5] |= 1 << (c & 31)
  const ready = readyBefore.filter((other) => other !== c)
  for (let k = successors.start[c]; k < successors.start[c + 1]; k++) {
    const next = successors.to[k]
    let isReady = true
    for (let p = predecessors.start[next]; p < predecessors.start[next + 1] && isReady; p++)
      isReady = ((bits[predecessors.to[p] >>> 5] >>> (predecessors.to[p] & 31)) & 1) === 1
    if (isReady) ready.push(next)
  }
  return { bits, ready, hash, ...(sameHash && { sameHash }), number: -1 }
}

/** One fixed pseudo-random word for each component (Zobrist hashing), mixed as in splitmix32 (Steele et al., OOPSLA 2014). */
function componentKeys(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, c) => {
    let z = Math.imul(c + 1, 0x9e3779b9)
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  })
}
