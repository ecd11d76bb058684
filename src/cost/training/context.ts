import type { RunCluster } from '../../hardware/index.js'
import type { ModelDescription, Recipe, Sharing } from '../../model/index.js'
import type { Coefficients } from './coefficients.js'
import type { StackHabits } from './stackHabits.js'

/** Everything a cost of a training run may depend on. */
export interface CostContext {
  readonly model: ModelDescription
  readonly recipe: Recipe
  readonly sharing: Sharing
  /** The pipeline rank of each stage. */
  readonly stageRank: ArrayLike<number>
  readonly cluster: RunCluster
  readonly habits: StackHabits
  readonly coefficients: Coefficients
}

/** Tokens of one microbatch on one rank, before tensor parallelism. */
export function tokensPerRank({ model, recipe, sharing }: CostContext): number {
  return (recipe.microbatch * model.seq) / sharing.degrees.context
}
