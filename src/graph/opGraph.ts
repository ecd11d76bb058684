import type { OpDescription, ParameterDescription } from './description.js'

/**
 * The operator graph everything runs on: ops and tensors are numbered in the order of their names (code units), so an index
 * tie is a name tie and the order of a file never matters. Adjacency is in compressed rows. Made by `buildGraph` only.
 */
export interface OpGraph {
  readonly name: string
  /** Sorted by name; the position is the op's number. */
  readonly ops: readonly OpDescription[]
  readonly opNumber: ReadonlyMap<string, number>
  readonly parameters: readonly ParameterDescription[]

  /** Sorted by name; the position is the tensor's number. */
  readonly tensorNames: readonly string[]
  readonly tensorBytes: Float64Array
  readonly tensorProducer: Int32Array
  /** Op i makes tensors outputTensor[outputStart[i] .. outputStart[i+1]). */
  readonly outputStart: Int32Array
  readonly outputTensor: Int32Array
  /** Tensor t is read by ops consumerOp[consumerStart[t] .. consumerStart[t+1]), each once, ascending. */
  readonly consumerStart: Int32Array
  readonly consumerOp: Int32Array

  /** Edges sorted by (from, to, tensor), without repeats; tensor -1 is a control edge. */
  readonly edgeFrom: Int32Array
  readonly edgeTo: Int32Array
  readonly edgeTensor: Int32Array
  /** Edges leaving op i: outStart[i] .. outStart[i+1) . */
  readonly outStart: Int32Array
  /** Edges entering op i: inEdge[inStart[i] .. inStart[i+1)). */
  readonly inStart: Int32Array
  readonly inEdge: Int32Array

  readonly parameterBytes: Float64Array
  readonly temporaryBytes: Float64Array
  /** Colocation group of each op, -1 for none; groups are numbered by name. */
  readonly groupOf: Int32Array
  readonly groupNames: readonly string[]
  /** Every op after its predecessors; among the ready ones by least depth, then by number. */
  readonly topologicalOrder: Int32Array
}
