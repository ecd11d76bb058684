import type { SchedulingProblem } from '../../schedule/index.js'

/** What moves as one: a colocation group, or an op outside any. */
export interface Units {
  readonly count: number
  readonly unitOf: Int32Array
  /** Ops of unit u: ops[start[u]] .. ops[start[u+1]-1]. */
  readonly start: Int32Array
  readonly ops: Int32Array
}

/** Numbers the units: groups first, then single ops. */
export function movableUnits({ graph }: SchedulingProblem): Units {
  const groups = graph.groupNames.length
  const unitOf = new Int32Array(graph.ops.length)
  let count = groups
  for (let op = 0; op < unitOf.length; op++) unitOf[op] = graph.groupOf[op] >= 0 ? graph.groupOf[op] : count++
  const start = new Int32Array(count + 1)
  for (const unit of unitOf) start[unit + 1]++
  for (let u = 0; u < count; u++) start[u + 1] += start[u]
  const next = start.slice()
  const ops = new Int32Array(unitOf.length)
  for (let op = 0; op < unitOf.length; op++) ops[next[unitOf[op]]++] = op
  return { count, unitOf, start, ops }
}

/** Whether the op, and so its group, may run on the device. */
export function mayRun({ opTicks, kindOf }: SchedulingProblem, op: number, device: number): boolean {
  return opTicks[kindOf[device]][op] >= 0
}

/** Bytes that each unit keeps to the end of the step: parameters, and outputs that nobody reads. */
export function unitKeptBytes({ graph }: SchedulingProblem, { unitOf, count }: Units): Float64Array {
  const bytes = new Float64Array(count)
  for (let op = 0; op < unitOf.length; op++) bytes[unitOf[op]] += graph.parameterBytes[op]
  for (let t = 0; t < graph.tensorBytes.length; t++)
    if (graph.consumerStart[t] === graph.consumerStart[t + 1])
      bytes[unitOf[graph.tensorProducer[t]]] += graph.tensorBytes[t]
  return bytes
}
