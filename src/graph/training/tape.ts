import type { OutputDescription } from '../description.js'
import { elementsOf } from './dtype.js'
import type { ForwardGraph } from './forward.js'
import type { TrainedParameter } from './parameters.js'
import { profiledSeconds } from './seconds.js'
import { type Made, type Writer, writer } from './writer.js'

/** The state of one differentiation. */
export interface Tape {
  readonly forward: ForwardGraph
  readonly writer: Writer
  /** Gradients that arrived for each tensor, and the forward op (-1: the loss) whose derivative each is. */
  readonly arrived: readonly { readonly gradient: Made; readonly by: number }[][]
  readonly parameterGradients: { readonly parameter: TrainedParameter; readonly gradient: Made }[]
  /** Colocation group of every forward op that trains. */
  readonly groupOf: Map<number, string>
  /** What forward ops leave for their backward ops beside their outputs. */
  readonly left: Map<number, OutputDescription>
  /** Time of a pass over so many bytes, in a graph whose ops are all profiled. */
  readonly secondsOf: (bytes: number) => number | Readonly<Record<string, number>> | undefined
  /** The op that starts the backward pass. */
  readonly loss: { readonly backward: string }
}

export function newTape(forward: ForwardGraph): Tape {
  const opWriter = writer(forward.graph.ops)
  return {
    forward,
    writer: opWriter,
    loss: { backward: opWriter.opName('loss.backward') },
    arrived: forward.tensors.map(() => []),
    parameterGradients: [],
    groupOf: new Map(),
    left: new Map(),
    secondsOf: profiledSeconds(forward),
  }
}

/** The group of an op and of everything derived from it: its own, or a new one named after it. */
export function groupOf({ forward: { graph }, groupOf: groups, writer: { groupName } }: Tape, op: number): string {
  const known = groups.get(op) ?? graph.ops[op].colocationGroup
  const group = known ?? groupName(graph.ops[op].name)
  groups.set(op, group)
  return group
}

/** The tensor that holds the gradient of `t` with respect to one of its readers. */
export function gradientTensor({ forward: { graph, tensors }, writer: { tensorName } }: Tape, t: number, by: string) {
  const { bytes, shape, dtype, name } = tensors[t]
  const readers = graph.consumerStart[t + 1] - graph.consumerStart[t]
  const gradient: OutputDescription = {
    name: tensorName(readers > 1 ? `${name}.gradient.${by}` : `${name}.gradient`),
    bytes,
  }
  return { ...gradient, ...(shape && { shape }), ...(dtype && { dtype }) }
}

/**
 * The whole gradient of a tensor: what its readers sent, added up by an op of its own beside the producer, as autograd does and as an
 * exported joint graph shows it. Undefined when nothing arrived.
 */
export function gradientOf(tape: Tape, t: number): Made | undefined {
  const { forward, writer, arrived } = tape
  const parts = arrived[t].map(({ gradient }) => gradient)
  if (parts.length < 2) return parts[0]
  const { name, ...tensor } = forward.tensors[t]
  const producer = forward.graph.ops[forward.graph.tensorProducer[t]]
  const sum: Made = {
    op: writer.opName(`${name}.accumulate`),
    output: {
      bytes: tensor.bytes,
      shape: tensor.shape,
      dtype: tensor.dtype,
      name: writer.tensorName(`${name}.gradient`),
    },
  }
  writer.add({
    name: sum.op,
    type: 'Add',
    module: producer.module,
    phase: 'backward',
    dtype: producer.dtype,
    seconds: tape.secondsOf((parts.length + 1) * tensor.bytes),
    flops: (parts.length - 1) * elementsOf(forward.tensors[t]),
    matrixFlops: 0,
    colocationGroup: groupOf(tape, forward.graph.tensorProducer[t]),
    deviceKinds: producer.deviceKinds,
    outputs: [sum.output],
    reads: parts,
  })
  return sum
}
