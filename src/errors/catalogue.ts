/** What the process answers with; the meaning of each code stands in docs and CLI help. */
export const exitCodes = { ok: 0, no: 1, input: 2, infeasible: 3, stale: 4, bug: 70, interrupted: 130 } as const

/**
 * Every error a user can meet. The first digit tells the room: 1 files, 2 graphs, 3 no feasible plan, 4 not comparable,
 * 5 hardware, 6 plans and placements, 7 solvers, 8 simulation, 9 our own bugs. Codes are never reused.
 */
export const catalogue = {
  E100: { exit: exitCodes.input, title: 'wrong usage' },
  E101: { exit: exitCodes.input, title: 'file cannot be read' },
  E102: { exit: exitCodes.input, title: 'file kind not recognised' },
  E103: { exit: exitCodes.input, title: 'newer format version' },
  E104: { exit: exitCodes.input, title: 'not valid JSON' },
  E105: { exit: exitCodes.input, title: 'wrong field' },
  E106: { exit: exitCodes.input, title: 'corrupt binary file' },
  E107: { exit: exitCodes.input, title: 'file exceeds a reading limit' },
  E108: { exit: exitCodes.input, title: 'file cannot be written' },
  E109: { exit: exitCodes.input, title: 'git cannot give the base' },
  E201: { exit: exitCodes.input, title: 'graph has a cycle' },
  E202: { exit: exitCodes.input, title: 'duplicate name' },
  E203: { exit: exitCodes.input, title: 'reference to something missing' },
  E204: { exit: exitCodes.input, title: 'impossible number' },
  E205: { exit: exitCodes.input, title: 'edge disagrees with its output' },
  E206: { exit: exitCodes.input, title: 'graph has no ops' },
  E207: { exit: exitCodes.input, title: 'symbolic dimension not bound' },
  E208: { exit: exitCodes.input, title: 'shapes do not fit together' },
  E209: { exit: exitCodes.input, title: 'op has no cost on this device' },
  E301: { exit: exitCodes.infeasible, title: 'no plan fits in memory' },
  E302: { exit: exitCodes.infeasible, title: 'an op fits on no device' },
  E303: { exit: exitCodes.infeasible, title: 'no device may run an op' },
  E304: { exit: exitCodes.infeasible, title: 'no configuration with these pins' },
  E401: { exit: exitCodes.stale, title: 'inputs changed since the plan was made' },
  E402: { exit: exitCodes.stale, title: 'plans cannot be compared' },
  E501: { exit: exitCodes.input, title: 'unknown device kind' },
  E502: { exit: exitCodes.input, title: 'cluster has no devices' },
  E503: { exit: exitCodes.input, title: 'unknown cluster' },
  E504: { exit: exitCodes.input, title: 'link not described' },
  E505: { exit: exitCodes.input, title: 'cluster of unequal devices' },
  E601: { exit: exitCodes.input, title: 'placement does not match the graph' },
  E602: { exit: exitCodes.input, title: 'order does not match the graph' },
  E603: { exit: exitCodes.input, title: 'degrees of parallelism do not fit the devices' },
  E604: { exit: exitCodes.input, title: 'unknown pipeline schedule' },
  E605: { exit: exitCodes.input, title: 'pipeline schedule does not fit ranks, stages or microbatches' },
  E606: { exit: exitCodes.input, title: 'actions do not make a pipeline schedule' },
  E607: { exit: exitCodes.input, title: 'communication methods do not fit together or the run' },
  E608: { exit: exitCodes.input, title: 'no such device' },
  E701: { exit: exitCodes.bug, title: 'solver gave a wrong answer' },
  E801: { exit: exitCodes.input, title: 'schedule waits for itself' },
  E900: { exit: exitCodes.bug, title: 'bug in stowage' },
} as const

export type ErrorCode = keyof typeof catalogue
