import type { SchedulingProblem } from '../schedule/index.js'

/** False when no placement whatever could pass a limit: everything on any one device, held for the whole step, would fit. */
export function needsMemoryFilter({ graph, memoryLimits }: SchedulingProblem): boolean {
  let most = 0
  for (const bytes of graph.temporaryBytes) if (bytes > most) most = bytes
  for (const bytes of graph.parameterBytes) most += bytes
  for (const bytes of graph.tensorBytes) most += bytes
  return memoryLimits.some((limit) => limit < most)
}
