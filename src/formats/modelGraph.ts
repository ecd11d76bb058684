import type { GraphDescription } from '../graph/index.js'
import { modelGraph } from '../graph/model/modelGraph.js'
import type { ModelReading } from './model.js'

/** Long contexts are for generation, not for one pass; and attention grows with the square. */
const usualSeq = 2048

/** The forward graph of a model file. Dimensions are `batch` and `seq`; what is not bound is assumed, and said so. */
export function readModelGraph(
  { model, dtype = 'bf16', assumed, warnings }: ModelReading,
  bind: ReadonlyMap<string, number>,
): { description: GraphDescription; warnings: readonly string[] } {
  const seq = bind.get('seq') ?? (model.imageSize ? model.seq : Math.min(model.seq, usualSeq))
  const unbound = [
    ...(bind.has('batch') ? [] : ['batch 1']),
    ...(bind.has('seq') || model.imageSize ? [] : [`seq ${seq}`]),
  ]
  const foreign = [...bind.keys()].filter((name) => name !== 'batch' && name !== 'seq')
  return {
    description: modelGraph(model, { batch: bind.get('batch') ?? 1, seq, dtype }),
    warnings: [
      ...foreign.map((name) => `--bind ${name}: a model has the dimensions batch and seq`),
      ...(unbound.length > 0 ? [`assumed ${unbound.join(', ')}: --bind batch=N,seq=N says otherwise`] : []),
      ...(assumed.length > 0 ? [`assumed ${assumed.join('; ')}`] : []),
      ...warnings,
    ],
  }
}
