import { Heap } from '../../schedule/index.js'

/**
 * All work on one machine as fast as the whole cluster: Jackson's preemptive rule (of the ops at hand the one with the longest tail) gives the
 * greatest h + work + d over all windows at once (Carlier, EJOR 1982), where `intervalLoad` samples them.
 */
export function fluidLoad(head: Float64Array, ticks: Float64Array, tail: Float64Array): number {
  const order = Int32Array.from({ length: head.length }, (_, op) => op).sort((a, b) => head[a] - head[b] || a - b)
  const left = ticks.slice()
  const waiting = new Heap()
  let end = 0
  let now = 0
  for (let next = 0; next < order.length || waiting.size > 0; ) {
    if (waiting.size === 0) now = Math.max(now, head[order[next]])
    for (; next < order.length && head[order[next]] <= now; next++) waiting.push(order[next], -tail[order[next]], 0)
    const until = next < order.length ? head[order[next]] : Number.POSITIVE_INFINITY
    while (waiting.size > 0 && now < until) {
      const op = waiting.topItem
      const part = Math.min(left[op], until - now)
      now += part
      left[op] -= part
      if (left[op] > 0) continue
      waiting.pop()
      end = Math.max(end, now + tail[op])
    }
  }
  return end
}
