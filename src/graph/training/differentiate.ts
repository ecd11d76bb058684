import type { OpDescription, OutputDescription } from '../description.js'
import { isDifferentiable } from './dtype.js'
import { isEnd } from './forward.js'
import { isOperand, type TrainedParameter } from './parameters.js'
import type { KeptTensors } from './recompute.js'
import type { BackwardRule, Kept } from './rules/index.js'
import { scaleSeconds } from './seconds.js'
import { gradientOf, gradientTensor, groupOf, type Tape } from './tape.js'
import type { Made } from './writer.js'

/** One forward op while its backward ops are written. */
interface Step {
  readonly number: number
  readonly op: OpDescription
  readonly rule: BackwardRule
  /** Of its outputs. */
  readonly gradients: readonly Made[]
  /** Inputs whose gradient must be computed. */
  readonly targets: readonly number[]
  readonly parameters: readonly TrainedParameter[]
}

/**
 * Writes the backward op of one forward op, whose readers are done: one op for the gradients of its inputs and its parameters, as
 * autograd has it. Two would let the second wait until a device is idle, and every activation and gradient with it.
 */
export function differentiate(tape: Tape, kept: KeptTensors, number: number): void {
  const { graph, inputs, outputs, rules, parameters, wantsGradient } = tape.forward
  const gradients = outputs[number].flatMap((t) => (wantsGradient[t] ? (gradientOf(tape, t) ?? []) : []))
  if (gradients.length === 0 && !isEnd(tape.forward, number)) return
  const rule = rules[number]
  const wanted = inputs[number].filter((t) => wantsGradient[t])
  const passed = rule.passes && gradients.length === 1 ? wanted.filter((t) => isPassed(tape, t, gradients[0])) : []
  const targets = wanted.filter((t) => !passed.includes(t))
  const step: Step = { number, op: graph.ops[number], rule, gradients, targets, parameters: parameters[number] }
  const after = targets.length + step.parameters.length > 0 ? [write(tape, kept, step)] : []
  for (const t of passed) {
    const { op, output, after: before = [] } = gradients[0]
    tape.arrived[t].push({ gradient: { op, output, after: [...before, ...after] }, by: number })
  }
}

function isPassed({ forward: { tensors } }: Tape, t: number, gradient: Made): boolean {
  return tensors[t].bytes === gradient.output.bytes
}

/** Returns the name of the op. */
function write(tape: Tape, kept: KeptTensors, step: Step): string {
  const { op, rule, number, targets, parameters } = step
  const { writer, arrived, parameterGradients } = tape
  const name = writer.opName(`${op.name}.backward`)
  const outputs: OutputDescription[] = []
  for (const t of targets) {
    const output = gradientTensor(tape, t, op.name)
    outputs.push(output)
    arrived[t].push({ gradient: { op: name, output }, by: number })
  }
  for (const parameter of parameters) {
    const output = parameterGradient(tape, parameter, step)
    outputs.push(output)
    parameterGradients.push({ parameter, gradient: { op: name, output } })
  }
  const work = workOf(step)
  writer.add({
    name,
    type: `${op.type}.backward`,
    module: op.module,
    phase: 'backward',
    seconds: scaleSeconds(op.seconds, work.factor),
    flops: work.flops,
    matrixFlops: work.matrixFlops,
    dtype: op.dtype,
    colocationGroup: groupOf(tape, number),
    deviceKinds: op.deviceKinds,
    outputs,
    unmodelled: op.unmodelled ?? rule.unmodelled,
    reads: [...step.gradients, ...keptBy(tape, kept, step), ...leftBy(tape, kept, step)],
    waits: isEnd(tape.forward, number) ? [tape.loss.backward] : [],
    weightBytes: rule.isLookup ? 0 : parameters.reduce((sum, { bytes }) => sum + bytes, 0),
  })
  return name
}

interface Work {
  /** Over the forward op's seconds. */
  readonly factor: number
  readonly flops?: number
  readonly matrixFlops?: number
}

/** With a weight as one operand a product has one product back for its input, and one for the weight; an addend's gradient costs none. */
function workOf({ op, rule, targets, parameters }: Step): Work {
  const hasWeight = parameters.some(isOperand)
  const products = Math.min(hasWeight ? 1 : 2, targets.length) + (hasWeight ? 1 : 0)
  const factor = rule.isProduct ? products : rule.work
  if (op.flops === undefined) return { factor }
  const matrixFlops = factor * (op.matrixFlops ?? (rule.isProduct ? op.flops : 0))
  const vectorFlops =
    (rule.isProduct ? 1 : factor) * Math.max(0, op.flops - (op.matrixFlops ?? (rule.isProduct ? op.flops : 0)))
  return { factor, flops: matrixFlops + vectorFlops, matrixFlops }
}

function parameterGradient(
  { writer }: Tape,
  { name, bytes, shape, dtype, owner }: TrainedParameter,
  { number, op }: Step,
) {
  const output = {
    name: writer.tensorName(owner === number ? `${name}.gradient` : `${name}.gradient.${op.name}`),
    bytes,
  }
  return { ...output, ...(shape && { shape }), ...(dtype && { dtype }) }
}

function keptBy({ forward }: Tape, kept: KeptTensors, { number, rule, targets, parameters }: Step): Made[] {
  const { inputs, outputs, tensors } = forward
  const hasOperand = parameters.some((parameter) => !rule.isProduct || isOperand(parameter))
  const isKept: Readonly<Record<Kept, (t: number, i: number) => boolean>> = {
    inputs: (t) => isDifferentiable(tensors[t].dtype),
    partners: (t) => isDifferentiable(tensors[t].dtype) && (hasOperand || targets.some((other) => other !== t)),
    indices: (t) => !isDifferentiable(tensors[t].dtype),
    output: (_, i) => i === 0,
    marks: (t) => !isDifferentiable(tensors[t].dtype),
  }
  const floats = outputs[number].filter((t) => isDifferentiable(tensors[t].dtype))
  const from: Readonly<Record<Kept, readonly number[]>> = {
    inputs: inputs[number],
    partners: inputs[number],
    indices: inputs[number],
    output: firstOutput(forward.graph.ops[number], floats, tensors),
    marks: outputs[number],
  }
  return [...new Set(rule.keeps.flatMap((each) => from[each].filter(isKept[each])))].map((t) => kept.tensor(t, number))
}

/** The op lists its outputs in order; tensors are numbered by name. */
function firstOutput(
  op: OpDescription,
  floats: readonly number[],
  tensors: readonly OutputDescription[],
): readonly number[] {
  const first = op.outputs?.find(({ dtype }) => isDifferentiable(dtype))?.name
  return floats.filter((t) => tensors[t].name === first)
}

function leftBy({ forward }: Tape, kept: KeptTensors, { op, number, rule, parameters }: Step): Made[] {
  const bytes = rule.leaves?.({
    op,
    inputs: forward.inputs[number].map((t) => forward.tensors[t]),
    outputs: op.outputs ?? [],
    hasWeight: parameters.some(isOperand),
  })
  return bytes ? [kept.left(number, Math.ceil(bytes))] : []
}
