import type { CostedOp } from './interpret.js'
import type { Graph, Node } from './model.js'
import { nameModule } from './names.js'
import { type Frame, lookUp, type Session, tensorName } from './session.js'
import { newTensor, type Tensor, type Weight } from './tensor.js'

export type RunGraph = (session: Session, frame: Frame, graph: Graph) => void

/** What one execution of a subgraph costs and leaves. */
export interface BodyRun {
  readonly flops: number
  readonly matrixFlops: number
  readonly bytesAccessed: number
  readonly dtype?: string
  readonly weights: readonly Weight[]
  readonly outputs: readonly (Tensor | undefined)[]
  /** Tensors made outside that the body reads. */
  readonly captured: readonly Tensor[]
  readonly unmodelled: readonly CostedOp[]
}

/** Runs a subgraph aside and sums its ops. */
export function runBody(
  session: Session,
  frame: Frame,
  node: Node,
  prefix: string,
  graph: Graph,
  given: ReadonlyMap<string, Tensor>,
  runGraph: RunGraph,
): BodyRun {
  const sink: CostedOp[] = []
  const inner = innerFrame(frame, node, prefix, graph, new Map(given), sink, new Map())
  runGraph(session, inner, graph)
  const own = new Set<Tensor>([...given.values(), ...sink.flatMap((op) => op.outputs)])
  const outputs = graph.outputs.map((output) => (output.name ? lookUp(inner, output.name) : undefined))
  const read = [...sink.flatMap((op) => op.inputs), ...outputs.filter((t) => t !== undefined)]
  const sum = (of: (op: CostedOp) => number): number => sink.reduce((total, op) => total + of(op), 0)
  const heaviest = sink.reduce<CostedOp | undefined>(
    (most, op) => (op.dtype && op.flops > (most?.flops ?? -1) ? op : most),
    undefined,
  )
  return {
    flops: sum((op) => op.flops),
    matrixFlops: sum((op) => op.matrixFlops),
    bytesAccessed: sum((op) => op.bytesAccessed),
    dtype: heaviest?.dtype,
    weights: [...new Set(sink.flatMap((op) => op.weights))],
    outputs,
    captured: [...new Set(read.filter((t) => !own.has(t) && t.producer))],
    unmodelled: sink.flatMap((op) => (op.unmodelled ? [op, ...(op.inside ?? [])] : [])),
  }
}

/** Runs a subgraph in place of its node: its ops join the node's surroundings, its results take the node's output names. */
export function inlineBody(
  session: Session,
  frame: Frame,
  node: Node,
  name: string,
  graph: Graph,
  runGraph: RunGraph,
): void {
  const rename = new Map<string, string>()
  graph.outputs.forEach((output, i) => {
    const outer = node.outputs[i]
    if (outer) rename.set(output.name, frame.rename.get(outer) ?? frame.prefix + outer)
  })
  const inner = innerFrame(frame, node, `${name}/`, graph, new Map(), frame.sink, rename)
  runGraph(session, inner, graph)
  graph.outputs.forEach((output, i) => {
    const outer = node.outputs[i]
    if (outer) frame.scope.set(outer, lookUp(inner, output.name) ?? missing(session, frame, outer))
  })
}

function innerFrame(
  frame: Frame,
  node: Node,
  prefix: string,
  graph: Graph,
  scope: Map<string, Tensor | undefined>,
  sink: CostedOp[],
  rename: ReadonlyMap<string, string>,
): Frame {
  return {
    scope,
    outer: frame,
    prefix,
    opsets: frame.opsets,
    attributes: frame.attributes,
    sink,
    rename,
    valueInfo: new Map([...graph.outputs, ...graph.valueInfo].map((info) => [info.name, info])),
    module: node.module ?? nameModule(node.name) ?? frame.module,
    callers: frame.callers,
  }
}

function missing(session: Session, frame: Frame, local: string): Tensor {
  return newTensor(tensorName(session, frame, local))
}
