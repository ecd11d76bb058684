import { groupOf, type Tape } from './tape.js'
import type { Made } from './writer.js'

/** Where backward ops find forward tensors: kept from the forward pass, or computed again. */
export interface KeptTensors {
  /** The tensor as the backward of `reader` sees it. */
  tensor(t: number, reader: number): Made
  /** What the forward op leaves beside its outputs. */
  left(op: number, bytes: number): Made
  /** Writes what is known only after the last backward op. */
  finish(): void
}

/**
 * With `segmentOf[op]` >= 0 the op's segment is computed again before its backward pass, as far as that needs it, from the tensors that
 * enter the segment (Chen et al., Training Deep Nets with Sublinear Memory Cost, arXiv 1604.06174; torch.utils.checkpoint stops as early).
 * The copies wait for the gradients that enter the segment from behind, else they would run too soon and save nothing.
 *
 * Pre: contracting the segments leaves the graph acyclic.
 */
export function keptTensors(tape: Tape, segmentOf: Int32Array): KeptTensors {
  const { forward, writer } = tape
  const { graph, tensors } = forward
  const copies = new Map<number, string>()
  const copiedTensors = new Map<number, Made>()
  const positionOf = new Int32Array(graph.ops.length)
  graph.topologicalOrder.forEach((op, position) => {
    positionOf[op] = position
  })
  const isInside = (t: number, segment: number) => segment >= 0 && segmentOf[graph.tensorProducer[t]] === segment

  function copyOp(op: number): string {
    for (const each of missingCopies(op)) writeCopy(each)
    return copies.get(op)!
  }

  function missingCopies(op: number): number[] {
    const found = new Set(copies.has(op) ? [] : [op])
    for (const each of found)
      for (const t of forward.inputs[each])
        if (isInside(t, segmentOf[op]) && !copies.has(graph.tensorProducer[t])) found.add(graph.tensorProducer[t])
    return [...found].sort((a, b) => positionOf[a] - positionOf[b])
  }

  function writeCopy(number: number): void {
    const { parameterBytes: _, colocationGroup: __, outputs = [], ...op } = graph.ops[number]
    const name = writer.opName(`${op.name}.recompute`)
    copies.set(number, name)
    for (const t of forward.outputs[number]) {
      const output = { ...tensors[t], name: writer.tensorName(`${tensors[t].name}.recomputed`) }
      copiedTensors.set(t, { op: name, output })
    }
    const made = forward.outputs[number].map((t) => copiedTensors.get(t)!.output)
    const reads = forward.inputs[number].map((t) =>
      isInside(t, segmentOf[number]) ? copiedTensors.get(t)! : original(t),
    )
    writer.add({
      bytesAccessed: undefined,
      ...op,
      name,
      phase: 'backward',
      colocationGroup: groupOf(tape, number),
      outputs: made,
      reads,
    })
  }

  const original = (t: number): Made => ({ op: graph.ops[graph.tensorProducer[t]].name, output: tensors[t] })

  return {
    tensor(t, reader) {
      if (!isInside(t, segmentOf[reader])) return original(t)
      copyOp(graph.tensorProducer[t])
      return copiedTensors.get(t)!
    },
    left(op, bytes) {
      const output = { name: writer.tensorName(`${graph.ops[op].name}.left`), bytes }
      if (segmentOf[op] < 0) tape.left.set(op, output)
      else appendOutput(tape, copyOp(op), output)
      return { op: copies.get(op) ?? graph.ops[op].name, output }
    },
    finish() {
      dropUnread(tape, new Set(copies.values()))
      holdBack(tape, segmentOf, copies)
    },
  }
}

function appendOutput({ writer: { ops } }: Tape, name: string, output: Made['output']): void {
  const at = ops.findLastIndex((op) => op.name === name)
  ops[at] = { ...ops[at], outputs: [...(ops[at].outputs ?? []), output] }
}

/** A tensor that nobody reads would be held to the end of the step. */
function dropUnread({ writer: { ops, edges } }: Tape, copies: ReadonlySet<string>): void {
  const read = new Set(edges.map(({ output }) => output))
  ops.forEach((op, i) => {
    if (copies.has(op.name)) ops[i] = { ...op, outputs: op.outputs?.filter(({ name }) => read.has(name)) }
  })
}

/** Control edges from the gradients that enter a segment to the copies that start it. */
function holdBack(
  { forward: { graph, inputs }, arrived, writer }: Tape,
  segmentOf: Int32Array,
  copies: ReadonlyMap<number, string>,
): void {
  const entering = new Map<number, Set<string>>()
  arrived.forEach((list, t) => {
    const segment = segmentOf[graph.tensorProducer[t]]
    if (segment < 0) return
    const set = entering.get(segment) ?? new Set()
    entering.set(segment, set)
    for (const { gradient, by } of list) if (by < 0 || segmentOf[by] !== segment) set.add(gradient.op)
  })
  for (const [op, copy] of copies) {
    const isStart = !inputs[op].some(
      (t) => copies.has(graph.tensorProducer[t]) && segmentOf[graph.tensorProducer[t]] === segmentOf[op],
    )
    if (isStart) writer.connect(copy, [], [...(entering.get(segmentOf[op]) ?? [])])
  }
}
