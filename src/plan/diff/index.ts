export { incomparable, type Obstacle } from './incomparable.js'
export { type DiffContext, planDiff } from './planDiff.js'
export type * from './types.js'
