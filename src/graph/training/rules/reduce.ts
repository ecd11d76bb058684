import { type BackwardRules, each } from './rule.js'

/** Sums spread their gradient again; extremes send it to where they found it. */
export const reduce: BackwardRules = {
  ...each({ keeps: [], work: 1 }, 'ReduceSum ReduceMean sum mean CumSum cumsum trace'),
  ...each(
    { keeps: ['inputs', 'output'], work: 1 },
    'ReduceMax ReduceMin amax amin ReduceProd prod ReduceL2 ReduceLogSumExp logsumexp norm linalg_vector_norm',
  ),
  ...each({ keeps: ['inputs'], work: 1 }, 'ReduceL1 ReduceSumSquare ReduceLogSum var std var_mean CumProd'),
  ...each({ keeps: ['marks'], work: 1 }, 'TopK topk Sort sort max_dim min_dim Unique kthvalue'),
}
