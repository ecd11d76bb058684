/**
 * Jobs of one machine: heads (not before), ticks, tails (still to come afterwards). Jobs of no ticks hold nothing and only count as a path.
 */
export class Machine {
  count = 0
  readonly key: Int32Array
  private readonly head: Float64Array
  private readonly ticks: Float64Array
  private readonly tail: Float64Array
  private readonly left: Float64Array
  private readonly byHead: Int32Array

  constructor(readonly capacity: number) {
    this.key = new Int32Array(capacity)
    this.head = new Float64Array(capacity)
    this.ticks = new Float64Array(capacity)
    this.tail = new Float64Array(capacity)
    this.left = new Float64Array(capacity)
    this.byHead = new Int32Array(capacity)
  }

  /** Ticks of all jobs. */
  get work(): number {
    let sum = 0
    for (let k = 0; k < this.count; k++) sum += this.ticks[k]
    return sum
  }

  clear(): void {
    this.count = 0
  }

  add(head: number, ticks: number, tail: number, key = -1): number {
    if (this.count === this.capacity) return -1
    const k = this.count++
    this.head[k] = head
    this.ticks[k] = ticks
    this.tail[k] = tail
    this.key[k] = key
    return k
  }

  /** Adds a job, or widens the one that has the key: it is the same job with another reader, and no longer than either says. */
  addOnce(key: number, head: number, ticks: number, tail = 0): void {
    for (let k = 0; k < this.count; k++)
      if (this.key[k] === key) {
        this.raise(k, head, tail)
        if (ticks < this.ticks[k]) this.ticks[k] = ticks
        return
      }
    this.add(head, ticks, tail, key)
  }

  removeLast(): void {
    this.count--
  }

  raise(k: number, head: number, tail: number): void {
    if (head > this.head[k]) this.head[k] = head
    if (tail > this.tail[k]) this.tail[k] = tail
  }

  /**
   * The end of the last tail if jobs may be interrupted: of the jobs at hand the one with the longest tail (Jackson's rule, optimal then), hence a
   * lower bound for jobs that may not be (Carlier, EJOR 1982). At least `floor`.
   */
  finish(floor = 0): number {
    const { head, ticks, tail, left, byHead, count } = this
    let end = floor
    let [work, lastHead, longestTail] = [0, 0, 0]
    for (let k = 0; k < count; k++) {
      work += ticks[k]
      if (head[k] > lastHead) lastHead = head[k]
      if (tail[k] > longestTail) longestTail = tail[k]
    }
    if (lastHead + work + longestTail <= floor) return floor
    let jobs = 0
    for (let k = 0; k < count; k++) {
      if (head[k] + ticks[k] + tail[k] > end) end = head[k] + ticks[k] + tail[k]
      if (ticks[k] <= 0) continue
      left[k] = ticks[k]
      let at = jobs++
      for (; at > 0 && head[byHead[at - 1]] > head[k]; at--) byHead[at] = byHead[at - 1]
      byHead[at] = k
    }
    if (jobs <= 1) return end
    let now = 0
    let released = 0
    for (let open = jobs; open > 0; ) {
      let next = -1
      for (let j = 0; j < released; j++) {
        const k = byHead[j]
        if (left[k] > 0 && (next < 0 || tail[k] > tail[next])) next = k
      }
      if (next < 0) now = Math.max(now, head[byHead[released]])
      const until = released < jobs ? head[byHead[released]] : Number.POSITIVE_INFINITY
      if (next >= 0 && now + left[next] <= until) {
        now += left[next]
        left[next] = 0
        open--
        if (now + tail[next] > end) end = now + tail[next]
      } else if (next >= 0) {
        left[next] -= until - now
        now = until
      }
      while (released < jobs && head[byHead[released]] <= now) released++
    }
    return end
  }
}
