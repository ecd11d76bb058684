import { formatBytes, Problems } from '../errors/index.js'
import type { SchedulingProblem } from '../schedule/index.js'

/**
 * Throws when simple arithmetic proves that no placement exists: an op, or the permanent bytes of a colocation group, larger than every
 * device that may run it (E302); a group whose ops share no device (E303); permanent bytes and kept outputs larger than all devices together (E301).
 */
export function checkFeasible(problem: SchedulingProblem): void {
  const problems = new Problems()
  checkGroups(problem, problems)
  problems.throwIfAny()
  checkOps(problem, problems)
  problems.throwIfAny()
  checkTotal(problem, problems)
  problems.throwIfAny()
}

function checkOps(problem: SchedulingProblem, problems: Problems): void {
  const { graph, memoryLimits } = problem
  graph.ops.forEach((op, i) => {
    const room = largestLimit(problem, [i])
    // An op of zero seconds may hold its inputs, temporaries and outputs for no time.
    const isTimed = !isInstant(problem, i)
    const outputs = isTimed ? outputBytes(problem, i) : 0
    const running = isTimed ? inputBytes(problem, i) + graph.temporaryBytes[i] : 0
    const needed = graph.parameterBytes[i] + outputs + running
    if (needed <= room) return
    problems.add('E302', `${op.name} alone needs ${formatBytes(needed)}`, {
      where: `op ${op.name} (${op.type})`,
      expected: `at most ${formatBytes(room)}, the largest limit among ${memoryLimits.length} devices that may run it`,
      found: `parameters ${formatBytes(graph.parameterBytes[i])} + outputs ${formatBytes(outputs)} + inputs and temporaries ${formatBytes(running)}`,
      fix: `a device with ${formatBytes(needed - room)} more, or a smaller batch`,
    })
  })
}

function checkGroups(problem: SchedulingProblem, problems: Problems): void {
  const { graph } = problem
  const members = graph.groupNames.map(() => [] as number[])
  for (let op = 0; op < graph.ops.length; op++) if (graph.groupOf[op] >= 0) members[graph.groupOf[op]].push(op)
  members.forEach((ops, g) => {
    const where = `colocation group ${graph.groupNames[g]} (${ops.length} ops)`
    const room = largestLimit(problem, ops)
    const needed = ops.reduce((sum, op) => sum + graph.parameterBytes[op], 0)
    if (room < 0)
      problems.add('E303', 'no device may run all ops of the group', {
        where,
        fix: 'split the group or widen deviceKinds',
      })
    else if (needed > room)
      problems.add('E302', `the group's parameters need ${formatBytes(needed)} on one device`, {
        where,
        expected: `at most ${formatBytes(room)}`,
        fix: `a device with ${formatBytes(needed - room)} more, or split the group`,
      })
  })
}

function checkTotal(problem: SchedulingProblem, problems: Problems): void {
  const { graph, memoryLimits } = problem
  const permanent = graph.parameterBytes.reduce((sum, bytes) => sum + bytes, 0)
  const kept = sumOver(0, graph.tensorBytes.length, (t) =>
    graph.consumerStart[t] === graph.consumerStart[t + 1] && !isInstant(problem, graph.tensorProducer[t])
      ? graph.tensorBytes[t]
      : 0,
  )
  const room = memoryLimits.reduce((sum, bytes) => sum + bytes, 0)
  if (permanent + kept <= room) return
  const each = Math.max(...memoryLimits)
  problems.add('E301', `parameters and kept outputs need ${formatBytes(permanent + kept)} in all`, {
    where: `${memoryLimits.length} devices with ${formatBytes(room)} in all`,
    found: `parameters ${formatBytes(permanent)} + outputs kept to the end ${formatBytes(kept)}; ${formatBytes(permanent + kept - room)} over`,
    fix: each > 0 ? `at least ${Math.ceil((permanent + kept) / each)} such devices` : 'a limit above the reserve',
  })
}

/** The most memory of a device that may run all of the ops; -1 when there is none. */
function largestLimit({ opTicks, kindOf, memoryLimits }: SchedulingProblem, ops: readonly number[]): number {
  const allowed = opTicks.map((column) => ops.every((op) => column[op] >= 0))
  let room = -1
  memoryLimits.forEach((limit, d) => {
    if (allowed[kindOf[d]] && limit > room) room = limit
  })
  return room
}

function isInstant({ opTicks }: SchedulingProblem, op: number): boolean {
  return opTicks.some((column) => column[op] === 0)
}

function outputBytes({ graph }: SchedulingProblem, op: number): number {
  return sumOver(graph.outputStart[op], graph.outputStart[op + 1], (k) => graph.tensorBytes[graph.outputTensor[k]])
}

function inputBytes({ graph }: SchedulingProblem, op: number): number {
  let bytes = 0
  for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++) {
    const tensor = graph.edgeTensor[graph.inEdge[k]]
    if (tensor >= 0) bytes += graph.tensorBytes[tensor]
  }
  return bytes
}

function sumOver(from: number, to: number, value: (k: number) => number): number {
  let sum = 0
  for (let k = from; k < to; k++) sum += value(k)
  return sum
}
