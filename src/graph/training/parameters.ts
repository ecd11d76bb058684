import type { OutputDescription, ParameterDescription } from '../description.js'
import type { OpGraph } from '../opGraph.js'
import { bytesOfElement, isDifferentiable } from './dtype.js'
import type { BackwardRule } from './rules/index.js'

/** A weight that training changes. */
export interface TrainedParameter {
  readonly name: string
  readonly bytes: number
  readonly elements: number
  /** Absent when the graph states only how many bytes an op holds. */
  readonly shape?: readonly number[]
  readonly dtype?: string
  /** The op that holds it. */
  readonly owner: number
}

/**
 * The trained parameters that each op reads: its own, and those that name it as a reader. Of a parameter that names its owner alone, another
 * op of its colocation group is a reader (FORMATS: that is why they share one) when it is a product or a lookup that lacks an operand.
 */
export function trainedParameters(
  graph: OpGraph,
  rules: readonly BackwardRule[],
  inputsOf: (op: number) => readonly OutputDescription[],
): readonly (readonly TrainedParameter[])[] {
  const owned = ownedParameters(graph)
  const tied = tiedParameters(graph, owned)
  const tables = new Map<number, TrainedParameter[]>()
  owned.forEach((list, op) => {
    const group = graph.groupOf[op]
    if (group < 0) return
    tables.set(group, [
      ...(tables.get(group) ?? []),
      ...list.filter((each) => isOperand(each) && !tied.names.has(each.name)),
    ])
  })
  return owned.map((own, op) => {
    const list = [...own, ...(tied.of.get(op) ?? [])]
    const candidates = tables.get(graph.groupOf[op]) ?? []
    if (candidates.length === 0 || !lacksOperand(rules[op], list, inputsOf(op))) return list
    const width = graph.ops[op].outputs?.[0]?.shape?.at(-1)
    const guess = candidates.find(({ shape }) => width !== undefined && shape?.includes(width)) ?? candidates[0]
    return [...list, guess]
  })
}

/** By op: what it reads and does not hold. */
function tiedParameters(graph: OpGraph, owned: readonly (readonly TrainedParameter[])[]) {
  const held = new Map(owned.flat().map((parameter) => [parameter.name, parameter]))
  const of = new Map<number, TrainedParameter[]>()
  const names = new Set<string>()
  for (const { name, readers = [] } of graph.parameters) {
    const parameter = held.get(name)
    if (!parameter || readers.length === 0) continue
    names.add(name)
    for (const reader of readers) {
      const op = graph.opNumber.get(reader)!
      if (op !== parameter.owner) of.set(op, [...(of.get(op) ?? []), parameter])
    }
  }
  return { of, names }
}

/** What a product multiplies by, not what it adds. */
export function isOperand({ shape }: TrainedParameter): boolean {
  return shape === undefined || shape.length >= 2
}

function lacksOperand(
  rule: BackwardRule,
  own: readonly TrainedParameter[],
  inputs: readonly OutputDescription[],
): boolean {
  if (own.some(isOperand)) return false
  const floats = inputs.filter(({ dtype }) => isDifferentiable(dtype)).length
  return (rule.isProduct === true && floats === 1) || (rule.isLookup === true && floats === 0)
}

/** Statistics that torch and TensorFlow store beside the weights; no gradient reaches them. */
const isStatistic = /(running_mean|running_var|moving_mean|moving_variance|num_batches_tracked)$/

function ownedParameters(graph: OpGraph): TrainedParameter[][] {
  const owned: TrainedParameter[][] = graph.ops.map(() => [])
  const isListed = new Set<number>()
  for (const parameter of graph.parameters) {
    const owner = parameter.op === undefined ? undefined : graph.opNumber.get(parameter.op)
    if (owner === undefined) continue
    isListed.add(owner)
    if (isDifferentiable(parameter.dtype) && !isStatistic.test(parameter.name))
      owned[owner].push(listed(parameter, owner))
  }
  graph.ops.forEach(({ name, parameterBytes = 0, dtype }, owner) => {
    if (parameterBytes === 0 || isListed.has(owner)) return
    const elements = parameterBytes / bytesOfElement(dtype)
    owned[owner].push({ name: `${name}.parameters`, bytes: parameterBytes, elements, dtype, owner })
  })
  return owned
}

function listed({ name, shape, dtype }: ParameterDescription, owner: number): TrainedParameter {
  const elements = shape.reduce((product, size) => product * size, 1)
  return { name, bytes: elements * bytesOfElement(dtype), elements, shape, dtype, owner }
}
