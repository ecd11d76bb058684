/** A pipeline without an order: what may be ordered, and within which memory. */
export interface Freedom {
  readonly stageRank: ArrayLike<number>
  readonly microbatches: number
  readonly forward: number
  /** Of I, or of the whole backward when `weight` is 0. */
  readonly input: number
  readonly weight: number
  /** Most forwards, of all stages of a rank, whose backward has not ended when another forward starts. */
  readonly limits: readonly number[]
}

/**
 * Whether any order of actions, waiting included, ends within so many ticks: every one is tried, tick by tick. Microbatches are alike, so each stage may
 * take them in order and counts are all there is to know. States with too much work left for the time left are dropped.
 */
export function isPossible(freedom: Freedom, ticks: number): boolean {
  const stages = freedom.stageRank.length
  const ranks = freedom.limits.length
  const m = freedom.microbatches
  const kinds = freedom.weight > 0 ? 3 : 2
  const length = [freedom.forward, freedom.input, freedom.weight]
  const stagesOf = Array.from({ length: ranks }, (_, rank) =>
    Array.from({ length: stages }, (_, s) => s).filter((s) => freedom.stageRank[s] === rank),
  )
  // State: started and ended counts of each stage and kind; ticks left of each rank's running action.
  const started = new Int32Array(stages * 3)
  const ended = new Int32Array(stages * 3)
  const running = new Int32Array(ranks).fill(-1)
  const left = new Int32Array(ranks)
  const failed = new Set<string>()

  const mayStart = (rank: number, stage: number, kind: number): boolean => {
    const k = started[3 * stage + kind]
    if (k >= m) return false
    if (kind === 2) return ended[3 * stage + 1] > k
    if (kind === 1) return ended[3 * stage] > k && (stage === stages - 1 || ended[3 * (stage + 1) + 1] > k)
    if (stage > 0 && ended[3 * (stage - 1)] <= k) return false
    const open = stagesOf[rank].reduce((sum, s) => sum + started[3 * s] - ended[3 * s + kinds - 1], 0)
    return open < freedom.limits[rank]
  }
  const workLeft = (rank: number): number =>
    left[rank] +
    stagesOf[rank].reduce(
      (sum, s) => sum + length.reduce((a, each, kind) => a + each * (m - started[3 * s + kind]), 0),
      0,
    )

  /** At a tick with `time` left: lets each rank from `rank` on choose, then goes on to the next tick at which a rank ends. */
  const search = (rank: number, time: number): boolean => {
    if (rank === ranks) return pass(time)
    if (workLeft(rank) > time) return false
    if (left[rank] > 0) return search(rank + 1, time)
    for (const stage of stagesOf[rank])
      for (let kind = kinds - 1; kind >= 0; kind--) {
        if (!mayStart(rank, stage, kind)) continue
        started[3 * stage + kind]++
        running[rank] = 3 * stage + kind
        left[rank] = length[kind]
        const found = search(rank + 1, time)
        started[3 * stage + kind]--
        running[rank] = -1
        left[rank] = 0
        if (found) return true
      }
    return search(rank + 1, time)
  }
  const pass = (time: number): boolean => {
    const step = running.reduce((least, what, rank) => (what >= 0 ? Math.min(least, left[rank]) : least), time + 1)
    if (step > time)
      return started.every((count, k) => k % 3 >= kinds || count === m) && running.every((what) => what < 0)
    const before = [...running]
    const leftBefore = [...left]
    before.forEach((what, rank) => {
      if (what < 0) return
      left[rank] -= step
      if (left[rank] > 0) return
      ended[what]++
      running[rank] = -1
    })
    const key = `${time - step}:${ended.join()}:${running.join()}:${left.join()}`
    const found = !failed.has(key) && search(0, time - step)
    if (!found) failed.add(key)
    before.forEach((what, rank) => {
      if (what >= 0 && running[rank] < 0) ended[what]--
      running[rank] = what
      left[rank] = leftBefore[rank]
    })
    return found
  }
  return search(0, ticks)
}
