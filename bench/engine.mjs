/**
 * Events per second of the simulation engine on one core. Usage, after `npm run build`:
 *   node bench/engine.mjs [--runs 5]
 * Fixed work: a million tasks on 1,024 streams with one message in between each. Flows: 64 hosts whose streams compute, then send to
 * a changing partner through the sender's and the receiver's network interface, never in step with one another; the same with a core
 * that all must cross, which makes one connected part of everything. Best of the runs, CPU seconds.
 */
import { parseArgs } from 'node:util'
import { playTasks, TaskGraphBuilder } from '../dist/src/simulate/engine/index.js'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })

measure('fixed work', () => fixedWork(1024, 977))
measure('flows', () => exchanges(64, 1500, Number.POSITIVE_INFINITY))
measure('flows through one core', () => exchanges(64, 150, 1))
measureBuilding(300_000)

function measure(name, make) {
  const graph = make()
  let played
  const seconds = best(() => {
    played = playTasks(graph)
  })
  const rate = (played.eventCount / seconds / 1e6).toFixed(2)
  console.log(`${name}: ${graph.taskCount} tasks, ${played.eventCount} events, ${rate} million events/s`)
}

function measureBuilding(tasks) {
  const positional = best(() => fixedWork(1000, tasks / 1000))
  const described = best(() => {
    const builder = new TaskGraphBuilder(tasks)
    for (let k = 0; k < tasks; k++)
      builder.task({ ticks: k % 977, streams: [k % 1000], after: k > 1000 ? [k - 999] : [], kind: k % 8 })
    builder.build()
  })
  console.log(`building ${tasks} tasks: ${ms(positional)} ms by position, ${ms(described)} ms from descriptions`)
}

/** Each task follows the one before it on its stream and one of the neighbour before. */
function fixedWork(streams, tasksEach) {
  const builder = new TaskGraphBuilder(streams * tasksEach)
  const random = lcg()
  for (let s = 0; s < streams; s++)
    for (let k = 0; k < tasksEach; k++) {
      const task = builder.add(1 + random(1_000_000), k % 8)
      builder.onStream(s)
      if (s > 0) builder.after(task - tasksEach)
    }
  return builder.build()
}

function exchanges(hosts, rounds, coreShare) {
  const builder = new TaskGraphBuilder(2 * hosts * rounds)
  const random = lcg()
  const send = Array.from({ length: hosts }, () => builder.addLink(0.05))
  const receive = Array.from({ length: hosts }, () => builder.addLink(0.05))
  const core = coreShare === 1 ? [builder.addLink(0.05 * hosts)] : []
  for (let round = 0; round < rounds; round++)
    for (let host = 0; host < hosts; host++) {
      const compute = builder.task({ ticks: 1 + random(50_000_000), streams: [2 * host] })
      const partner = (host + 1 + random(hosts - 1)) % hosts
      const links = [send[host], receive[partner], ...core]
      builder.task({
        ticks: 5_000_000,
        bytes: 1 + random(4_000_000),
        links,
        streams: [2 * host + 1],
        after: [compute],
      })
    }
  return builder.build()
}

function best(work) {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < Number(values.runs); run++) {
    const from = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(from)
    least = Math.min(least, (user + system) / 1e6)
  }
  return least
}

function ms(seconds) {
  return (1000 * seconds).toFixed(0)
}

/** Whole numbers below `limit`, the same in every run. */
function lcg() {
  let state = 1
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
