import type { Trace, TraceSpan } from '../report/traceEvents.js'
import type { SimulationAnswer } from './simulateOperators.js'

const threads = ['compute', 'transfers']

/** A schedule of ops as bars: a process for each device, its ops and what it receives. */
export function tracePlacement({ problem, schedule }: Pick<SimulationAnswer, 'problem' | 'schedule'>): Trace {
  const { graph, cluster, ticksPerSecond } = problem
  return {
    processes: cluster.devices.map(({ kind }, device) => ({ name: `device ${device} (${kind})`, threads })),
    spans: spans(),
    about: { graph: graph.name, cluster: cluster.name },
  }

  function* spans(): Generator<TraceSpan> {
    for (const [op, { name, type, module }] of graph.ops.entries())
      yield {
        ...{ process: schedule.opDevice[op], thread: 0, name, category: type },
        startSeconds: schedule.opStart[op] / ticksPerSecond,
        endSeconds: schedule.opEnd[op] / ticksPerSecond,
        ...(module !== undefined && { args: { module } }),
      }
    for (const [copy, tensor] of schedule.copyTensor.entries())
      yield {
        ...{ process: schedule.copyTo[copy], thread: 1, name: graph.tensorNames[tensor], category: 'transfer' },
        startSeconds: schedule.copyStart[copy] / ticksPerSecond,
        endSeconds: schedule.copyEnd[copy] / ticksPerSecond,
        args: { bytes: graph.tensorBytes[tensor] },
      }
  }
}
