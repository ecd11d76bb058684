const blockCapacity = 64

/** A run of neighbouring gaps. `longest` is at least the length of its longest gap: exact when last scanned in full. */
interface Block {
  count: number
  longest: number
  readonly start: Float64Array
  readonly end: Float64Array
}

function newBlock(): Block {
  return { count: 0, longest: 0, start: new Float64Array(blockCapacity), end: new Float64Array(blockCapacity) }
}

/**
 * The free time of one exclusive resource (a device, an endpoint), in ticks: a sorted list of half-open gaps, the last one endless.
 *
 * Keeping gaps rather than busy intervals means that bookings which touch need no merging. The list is cut into blocks, each knowing
 * its longest gap, so neither old small holes nor insertions far back make a booking linear in the length of the schedule.
 *
 *     free:   [0,2) [5,6) [9,inf)      busy: [2,5) [6,9)
 *     fit(from 1, for 2) = 9           book(9, 11) -> [0,2) [5,6) [11,inf)
 */
export class FreeTime {
  private blocks: Block[]

  constructor() {
    const first = newBlock()
    first.end[0] = Number.POSITIVE_INFINITY
    first.longest = Number.POSITIVE_INFINITY
    first.count = 1
    this.blocks = [first]
  }

  /** Takes over the state of another, reusing memory. */
  copyFrom(other: FreeTime): void {
    const { blocks } = this
    while (blocks.length < other.blocks.length) blocks.push(newBlock())
    blocks.length = other.blocks.length
    for (let b = 0; b < blocks.length; b++) {
      const from = other.blocks[b]
      const to = blocks[b]
      for (let i = 0; i < from.count; i++) {
        to.start[i] = from.start[i]
        to.end[i] = from.end[i]
      }
      to.count = from.count
      to.longest = from.longest
    }
  }

  /** From when on the resource is free for good. */
  get tail(): number {
    const last = this.blocks[this.blocks.length - 1]
    return last.start[last.count - 1]
  }

  /** The earliest time >= from at which `duration` ticks are free; `from` itself when duration is 0 (it occupies nothing). */
  fit(from: number, duration: number): number {
    if (duration <= 0) return from
    const tail = this.tail
    if (from >= tail) return from
    const blocks = this.blocks
    let b = this.blockBefore(from)
    let i = gapBefore(blocks[b], from)
    for (; b < blocks.length; b++, i = 0) {
      const block = blocks[b]
      if (block.longest < duration) continue
      const { start, end, count } = block
      const scannedAll = i === 0
      let longest = 0
      for (; i < count; i++) {
        const at = Math.max(start[i], from)
        if (end[i] - at >= duration) return at
        const length = end[i] - start[i]
        if (length > longest) longest = length
      }
      if (scannedAll) block.longest = longest
    }
    return tail
  }

  /** Takes [start, end) away; it must lie in one gap (a time that `fit` gave for end - start). */
  book(start: number, end: number): void {
    if (end <= start) return
    const b = this.blockBefore(start)
    const block = this.blocks[b]
    const i = gapBefore(block, start)
    const left = start > block.start[i]
    const right = end < block.end[i]
    if (left && right) this.insertGap(b, i, start, end)
    else if (left) block.end[i] = start
    else if (right) block.start[i] = end
    else this.removeGap(b, i)
  }

  /** Gap i becomes [its start, start) and a new gap [end, its end) follows it. */
  private insertGap(b: number, i: number, start: number, end: number): void {
    let block = this.blocks[b]
    if (block.count === blockCapacity) {
      this.split(b)
      if (i >= block.count) {
        i -= block.count
        block = this.blocks[b + 1]
      }
    }
    block.start.copyWithin(i + 2, i + 1, block.count)
    block.end.copyWithin(i + 2, i + 1, block.count)
    block.start[i + 1] = end
    block.end[i + 1] = block.end[i]
    block.end[i] = start
    block.count++
  }

  private removeGap(b: number, i: number): void {
    const block = this.blocks[b]
    block.start.copyWithin(i, i + 1, block.count)
    block.end.copyWithin(i, i + 1, block.count)
    block.count--
    if (block.count === 0) this.blocks.splice(b, 1)
  }

  private split(b: number): void {
    const block = this.blocks[b]
    const half = blockCapacity >> 1
    const upper = newBlock()
    upper.start.set(block.start.subarray(half))
    upper.end.set(block.end.subarray(half))
    upper.count = blockCapacity - half
    upper.longest = block.longest
    block.count = half
    this.blocks.splice(b + 1, 0, upper)
  }

  /** The last block whose first gap starts at or before the time (the first block if none). */
  private blockBefore(time: number): number {
    const blocks = this.blocks
    let low = 0
    let high = blocks.length - 1
    if (blocks[high].start[0] <= time) return high
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (blocks[middle].start[0] <= time) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** The last gap of the block that starts at or before the time (the first gap if none). */
function gapBefore(block: Block, time: number): number {
  const { start } = block
  let low = 0
  let high = block.count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (start[middle] <= time) low = middle
    else high = middle - 1
  }
  return low
}
