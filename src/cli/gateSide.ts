import type { ConfigDocument } from '../formats/configSchema.js'
import type { Tree } from './gateTree.js'

/** One side of a gate: its files, and what flags, environment and config settle for all plans. */
export interface Side {
  readonly tree: Tree
  readonly folder: string
  readonly placer: NonNullable<ConfigDocument['placer']>
  /** A flag overrides the plans' own placers. */
  readonly forcedPlacer?: ConfigDocument['placer']
  readonly calibration?: string
}
