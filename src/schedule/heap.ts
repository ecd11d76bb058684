/**
 * A binary min-heap of numbered items with two keys: least `first`, then greatest `second`, then least item.
 * The order is total, so equal inputs leave in equal order.
 */
export class Heap {
  private firstKey = new Float64Array(16)
  private secondKey = new Float64Array(16)
  private items = new Int32Array(16)
  size = 0

  push(item: number, first: number, second: number): void {
    if (this.size === this.items.length) this.grow()
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!this.isBefore(first, second, item, parent)) break
      this.move(parent, hole)
      hole = parent
    }
    this.put(hole, item, first, second)
  }

  get topItem(): number {
    return this.items[0]
  }

  get topFirst(): number {
    return this.firstKey[0]
  }

  pop(): number {
    const top = this.items[0]
    const last = --this.size
    if (last > 0) this.sink(this.items[last], this.firstKey[last], this.secondKey[last])
    return top
  }

  private sink(item: number, first: number, second: number): void {
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= this.size) break
      const right = child + 1
      if (right < this.size && this.isBefore(this.firstKey[right], this.secondKey[right], this.items[right], child))
        child = right
      if (this.isBefore(first, second, item, child)) break
      this.move(child, hole)
      hole = child
    }
    this.put(hole, item, first, second)
  }

  private isBefore(first: number, second: number, item: number, other: number): boolean {
    const otherFirst = this.firstKey[other]
    if (first !== otherFirst) return first < otherFirst
    const otherSecond = this.secondKey[other]
    if (second !== otherSecond) return second > otherSecond
    return item < this.items[other]
  }

  private move(from: number, to: number): void {
    this.put(to, this.items[from], this.firstKey[from], this.secondKey[from])
  }

  private put(at: number, item: number, first: number, second: number): void {
    this.items[at] = item
    this.firstKey[at] = first
    this.secondKey[at] = second
  }

  private grow(): void {
    const items = new Int32Array(2 * this.size)
    const first = new Float64Array(2 * this.size)
    const second = new Float64Array(2 * this.size)
    items.set(this.items)
    first.set(this.firstKey)
    second.set(this.secondKey)
    this.items = items
    this.firstKey = first
    this.secondKey = second
  }
}
