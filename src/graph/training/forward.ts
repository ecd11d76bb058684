import { buildGraph } from '../buildGraph.js'
import type { GraphDescription, OutputDescription } from '../description.js'
import type { OpGraph } from '../opGraph.js'
import { isDifferentiable } from './dtype.js'
import { type TrainedParameter, trainedParameters } from './parameters.js'
import { type BackwardRule, backwardRule } from './rules/index.js'

/** A forward graph and what differentiation asks of it; ops and tensors by their numbers. */
export interface ForwardGraph {
  readonly graph: OpGraph
  readonly tensors: readonly OutputDescription[]
  /** Tensors that each op reads, each once. */
  readonly inputs: readonly (readonly number[])[]
  readonly outputs: readonly (readonly number[])[]
  readonly rules: readonly BackwardRule[]
  /** Trained parameters that each op reads, its own and tied ones. */
  readonly parameters: readonly (readonly TrainedParameter[])[]
  /** The tensor lies behind a trained parameter and is of floats. */
  readonly wantsGradient: Uint8Array
}

export function forwardGraph(description: GraphDescription, where?: string): ForwardGraph {
  const graph = buildGraph(description, where)
  const tensors = tensorDescriptions(graph)
  const inputs = graph.ops.map((_, op) => tensorsRead(graph, op))
  const outputs = graph.ops.map((_, op) => [
    ...graph.outputTensor.subarray(graph.outputStart[op], graph.outputStart[op + 1]),
  ])
  const rules = graph.ops.map(backwardRule)
  const parameters = trainedParameters(graph, rules, (op) => inputs[op].map((t) => tensors[t]))
  const wantsGradient = new Uint8Array(tensors.length)
  for (const op of graph.topologicalOrder) {
    if (rules[op].stops || !(parameters[op].length > 0 || inputs[op].some((t) => wantsGradient[t]))) continue
    for (const t of outputs[op]) if (isDifferentiable(tensors[t].dtype)) wantsGradient[t] = 1
  }
  return { graph, tensors, inputs, outputs, rules, parameters, wantsGradient }
}

/** An op that shows no outputs, such as the loss in many profiles: gradients start there. */
export function isEnd({ inputs, outputs, rules, parameters, wantsGradient }: ForwardGraph, op: number): boolean {
  if (outputs[op].length > 0 || rules[op].stops) return false
  return parameters[op].length > 0 || inputs[op].some((t) => wantsGradient[t] === 1)
}

function tensorDescriptions(graph: OpGraph): OutputDescription[] {
  const byName = new Map(graph.ops.flatMap((op) => (op.outputs ?? []).map((output) => [output.name, output] as const)))
  return graph.tensorNames.map((name) => byName.get(name)!)
}

function tensorsRead({ inStart, inEdge, edgeTensor }: OpGraph, op: number): number[] {
  const read = new Set<number>()
  for (let k = inStart[op]; k < inStart[op + 1]; k++) if (edgeTensor[inEdge[k]] >= 0) read.add(edgeTensor[inEdge[k]])
  return [...read].sort((a, b) => a - b)
}
