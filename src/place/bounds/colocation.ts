import type { SchedulingProblem } from '../../schedule/index.js'
import { Machine } from './oneMachine.js'

/** Larger groups are held against their plain work only: the one-machine bound is quadratic. */
const mostExact = 256

/** The ops of a colocation group share a device: one machine must run them all, between their heads and tails, on the kind that makes it least. */
export function colocation({ graph, opTicks }: SchedulingProblem, head: Float64Array, tail: Float64Array): number {
  const members = graph.groupNames.map(() => [] as number[])
  for (let op = 0; op < graph.ops.length; op++) if (graph.groupOf[op] >= 0) members[graph.groupOf[op]].push(op)
  const machine = new Machine(mostExact)
  let best = 0
  for (const ops of members) {
    let least = Number.POSITIVE_INFINITY
    for (const ticks of opTicks) {
      if (ops.some((op) => ticks[op] < 0)) continue
      let finish = ops.reduce((sum, op) => sum + ticks[op], 0)
      if (ops.length <= mostExact) {
        machine.clear()
        for (const op of ops) machine.add(head[op], ticks[op], tail[op])
        finish = Math.max(finish, machine.finish())
      }
      least = Math.min(least, finish)
    }
    if (least > best && least < Number.POSITIVE_INFINITY) best = least
  }
  return best
}
