export { buildGraph } from './buildGraph.js'
export { coarsen } from './coarsen/coarsen.js'
export { type Coarsening, type CoarsenOptions, coarsenings } from './coarsen/coarsening.js'
export { expandOrder, expandPlacement } from './coarsen/expand.js'
export { describeGraph } from './describeGraph.js'
export type {
  EdgeDescription,
  GraphDescription,
  OpDescription,
  OutputDescription,
  ParameterDescription,
  Phase,
} from './description.js'
export { foldFreeOps } from './foldFreeOps.js'
export { fromGraphlib, toGraphlib } from './graphlib.js'
export { type ModuleNames, moduleNames } from './model/names.js'
export { modulesOf, numberedModule } from './modules.js'
export type { OpGraph } from './opGraph.js'
export { type GraphStatistics, graphStatistics, type UnmodelledType } from './statistics.js'
export { optimizerNames } from './training/optimizers.js'
export type { TrainingOptions } from './training/options.js'
export { trainingGraph } from './training/trainingGraph.js'
