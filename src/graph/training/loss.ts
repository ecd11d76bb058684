import { elementsOf } from './dtype.js'
import { type ForwardGraph, isEnd } from './forward.js'
import { gradientTensor, groupOf, type Tape } from './tape.js'
import type { Made } from './writer.js'

/**
 * Gradients start at the scalar float outputs of the graph and at ops without outputs, if there are any: those are its losses. Otherwise
 * a loss is added over all float outputs: the operations of a cross-entropy (6 per element forward, 2 back), and like it the loss keeps
 * as many bytes as the outputs have.
 */
export function addLoss(tape: Tape): void {
  const { forward, arrived, loss } = tape
  const { graph, tensors } = forward
  const { outputs, losses } = graphEnds(forward)
  const scalars = outputs.filter((t) => isScalar(tensors[t]))
  const hasLoss = losses.length + scalars.length > 0
  const starts = hasLoss ? scalars : outputs
  const reads = starts.map((t): Made => ({ op: graph.ops[graph.tensorProducer[t]].name, output: tensors[t] }))
  const bytes = starts.reduce((sum, t) => sum + tensors[t].bytes, 0)
  const largest = starts.reduce((most, t) => (tensors[t].bytes > (tensors[most]?.bytes ?? -1) ? t : most), -1)
  const home = largest < 0 ? losses[0] : graph.tensorProducer[largest]
  const common = { dtype: graph.ops[home].dtype, matrixFlops: 0, colocationGroup: groupOf(tape, home) }
  const elements = hasLoss ? 0 : starts.reduce((sum, t) => sum + elementsOf(tensors[t]), 0)

  const value = hasLoss
    ? []
    : [addLossOp(tape, { ...common, flops: 6 * elements, seconds: tape.secondsOf(bytes) }, reads)]
  const gradients = starts.map((t) => gradientTensor(tape, t, loss.backward))
  starts.forEach((t, i) => {
    arrived[t].push({ gradient: { op: loss.backward, output: gradients[i] }, by: -1 })
  })
  tape.writer.add({
    ...common,
    name: loss.backward,
    type: 'Loss.backward',
    phase: 'backward',
    seconds: tape.secondsOf(2 * bytes),
    flops: 2 * elements,
    outputs: gradients,
    reads: [...reads, ...value],
    waits: losses.map((op) => graph.ops[op].name),
  })
}

function addLossOp({ writer }: Tape, common: object, reads: readonly Made[]): Made {
  const output = { name: writer.tensorName('loss'), bytes: 4, shape: [], dtype: 'fp32' }
  const name = writer.opName('loss')
  writer.add({ ...common, name, type: 'Loss', phase: 'forward', outputs: [output], reads })
  return { op: name, output }
}

/** Tensors that want a gradient and that nothing reads; ops that show no outputs. */
export function graphEnds(forward: ForwardGraph) {
  const { graph, tensors, wantsGradient } = forward
  const isRead = (t: number) => graph.consumerStart[t] < graph.consumerStart[t + 1]
  const outputs = tensors.flatMap((_, t) => (wantsGradient[t] && !isRead(t) ? [t] : []))
  const losses = graph.ops.flatMap((_, op) => (isEnd(forward, op) ? [op] : []))
  return { outputs, losses, isEmpty: outputs.length + losses.length === 0 }
}

function isScalar({ shape, bytes }: { readonly shape?: readonly number[]; readonly bytes: number }): boolean {
  return shape ? shape.every((size) => size === 1) : bytes > 0 && bytes <= 8
}
