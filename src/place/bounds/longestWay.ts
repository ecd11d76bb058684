import type { TwoWays } from './twoWays.js'

/** The longest head + ticks + tail of an op, on whichever kind makes it least: what precedes an op, the op and what follows cannot overlap. */
export function longestWay({ network, forward, backward }: TwoWays): number {
  const { count, kindTicks } = network
  let longest = 0
  for (let op = 0; op < count; op++) {
    let least = Number.POSITIVE_INFINITY
    for (let kind = 0; kind < kindTicks.length; kind++) {
      const ticks = kindTicks[kind][op]
      if (ticks >= 0) least = Math.min(least, forward.head[kind][op] + ticks + backward.head[kind][op])
    }
    if (least > longest) longest = least
  }
  return longest
}
