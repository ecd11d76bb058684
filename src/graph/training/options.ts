import type { OptimizerName } from './optimizers.js'

export interface TrainingOptions {
  /** Default adam. */
  readonly optimizer?: OptimizerName
  /**
   * Modules whose activations are computed again before their backward pass instead of kept: patterns of module paths
   * (`transformer.h.*`), each module that matches a segment of its own; `full`: every module numbered in a list, such as h.0 or layers.3.
   */
  readonly recompute?: 'none' | 'full' | readonly string[]
}
