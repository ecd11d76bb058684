/** The library: the same verbs that the commands call, on values instead of files. */
export { type Problem, UserError } from './errors/index.js'
export { bytesSource, type Source } from './formats/source.js'
export type { Cluster, DeviceCatalogue } from './hardware/index.js'
export type { Plan } from './plan/index.js'
export { inspectModel, type ModelInspection } from './verbs/inspectModel.js'
export { type LoadedGraph, loadGraph } from './verbs/loadGraph.js'
export { type PlacementAnswer, type PlanPlacementRequest, planOperators } from './verbs/planOperators.js'
export { type SimulateOperatorsRequest, type SimulationAnswer, simulateOperators } from './verbs/simulateOperators.js'
