import { bytesOfElement } from './dtype.js'
import { type OptimizerName, optimizers, stateBytesPerElement } from './optimizers.js'
import { groupOf, type Tape } from './tape.js'

/**
 * One optimizer op for each op that holds parameters: it reads their gradients (several of a tied parameter, which it adds) and holds the
 * optimizer's states. All of them wait for the whole backward pass, as `optimizer.step()` does: gradients live until then.
 */
export function addOptimizer(tape: Tape, name: OptimizerName): void {
  const { writer, parameterGradients } = tape
  const byOwner = new Map<number, Tape['parameterGradients']>()
  for (const each of parameterGradients) {
    const list = byOwner.get(each.parameter.owner)
    if (list) list.push(each)
    else byOwner.set(each.parameter.owner, [each])
  }
  const step = writer.opName('optimizer.step')
  writer.add({
    name: step,
    type: 'Barrier',
    phase: 'optimizer',
    seconds: 0,
    waits: parameterGradients.map(({ gradient }) => gradient.op),
  })
  for (const [owner, list] of [...byOwner].sort(([a], [b]) => a - b)) addUpdate(tape, name, step, owner, list)
}

function addUpdate(
  tape: Tape,
  name: OptimizerName,
  step: string,
  owner: number,
  list: Tape['parameterGradients'],
): void {
  const op = tape.forward.graph.ops[owner]
  const parameters = [...new Set(list.map(({ parameter }) => parameter))]
  const sum = (of: (parameter: (typeof parameters)[number]) => number) =>
    parameters.reduce((total, each) => total + of(each), 0)
  const elements = sum((each) => each.elements)
  const stateBytes = sum((each) => each.elements * stateBytesPerElement(name, bytesOfElement(each.dtype)))
  const added = list.reduce((total, { parameter }) => total + parameter.elements, 0) - elements
  const weightBytes = 2 * sum((each) => each.bytes) + 2 * stateBytes
  const gradientBytes = list.reduce((total, { parameter }) => total + parameter.bytes, 0)
  tape.writer.add({
    name: tape.writer.opName(`${op.name}.optimizer`),
    type: `Optimizer.${name}`,
    module: op.module,
    phase: 'optimizer',
    seconds: tape.secondsOf(weightBytes + gradientBytes),
    flops: elements * optimizers[name].flopsPerElement + added,
    matrixFlops: 0,
    dtype: 'fp32',
    parameterBytes: stateBytes,
    colocationGroup: groupOf(tape, owner),
    deviceKinds: op.deviceKinds,
    reads: list.map(({ gradient }) => gradient),
    waits: [step],
    weightBytes,
  })
}
