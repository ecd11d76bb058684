import type { GraphDescription, OpDescription } from '../description.js'
import { differentiate } from './differentiate.js'
import { forwardGraph } from './forward.js'
import { addLoss, graphEnds } from './loss.js'
import { addOptimizer } from './optimizerOps.js'
import type { TrainingOptions } from './options.js'
import { keptTensors } from './recompute.js'
import { recomputedSegments } from './segments.js'
import { newTape, type Tape } from './tape.js'

/**
 * One training step from one forward pass: reverse-mode differentiation op by op (Griewank and Walther, Evaluating Derivatives, 2008,
 * chapter 3), then the optimizer. Only what lies between a trained parameter and the loss gets a gradient, as in torch.
 * A graph that has nothing to train, or that holds backward ops already, is returned as it is.
 *
 * Pre: free ops are folded (`foldFreeOps`).
 * Post: every forward op and tensor is there; a backward op reads what its rule keeps, so that the memory rules free it then; an op, its
 * backward ops and its optimizer share a colocation group; the graph is acyclic.
 */
export function trainingGraph(
  description: GraphDescription,
  options: TrainingOptions = {},
  where = description.name,
): GraphDescription {
  if (description.ops.some(({ phase }) => phase === 'backward' || phase === 'optimizer')) return description
  const forward = forwardGraph(description, where)
  if (graphEnds(forward).isEmpty) return description

  const tape = newTape(forward)
  const kept = keptTensors(tape, recomputedSegments(forward, options.recompute ?? 'none', where))
  addLoss(tape)
  for (const op of forward.graph.topologicalOrder.toReversed()) differentiate(tape, kept, op)
  addOptimizer(tape, options.optimizer ?? 'adam')
  kept.finish()
  return {
    ...description,
    ops: [...description.ops.map((op) => forwardOp(tape, op)), ...tape.writer.ops],
    edges: [...description.edges, ...tape.writer.edges],
  }
}

function forwardOp({ forward, groupOf, left }: Tape, op: OpDescription): OpDescription {
  const number = forward.graph.opNumber.get(op.name)!
  const group = groupOf.get(number)
  const extra = left.get(number)
  return {
    ...op,
    phase: op.phase ?? 'forward',
    ...(group !== undefined && { colocationGroup: group }),
    ...(extra && { outputs: [...(op.outputs ?? []), extra] }),
  }
}
