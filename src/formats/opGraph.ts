import { Problems } from '../errors/index.js'
import type {
  EdgeDescription,
  GraphDescription,
  OpDescription,
  OutputDescription,
  ParameterDescription,
} from '../graph/index.js'
import { checker, type FieldChecker } from './fields.js'

/**
 * A parsed `stowage.graph` document as a description. A hand-written reader: graphs have a million ops, and only this one checks them
 * without building a second copy of each. Wrong types are E105 with their JSON pointer, all of them up to a limit; unknown keys are ignored.
 */
export function readOpGraph(value: unknown, where: string): GraphDescription {
  const problems = new Problems()
  const check = checker(problems)
  const root = check.record(value, where) ?? {}
  const ops = check.array(root.ops ?? [], `${where}#/ops`)
  const edges = check.array(root.edges ?? [], `${where}#/edges`)
  const parameters = check.array(root.parameters ?? [], `${where}#/parameters`)
  check.optionalString(root.name, `${where}#/name`)
  for (let i = 0; i < ops.length; i++) checkOp(check, ops[i], `${where}#/ops/${i}`)
  for (let i = 0; i < edges.length; i++) checkEdge(check, edges[i], `${where}#/edges/${i}`)
  for (let i = 0; i < parameters.length; i++) checkParameter(check, parameters[i], `${where}#/parameters/${i}`)
  problems.throwIfAny()
  return {
    name: (root.name as string | undefined) ?? where,
    ops: ops as readonly OpDescription[],
    edges: edges as readonly EdgeDescription[],
    parameters: parameters as readonly ParameterDescription[],
  }
}

const opNumbers = ['flops', 'matrixFlops', 'bytesAccessed', 'parameterBytes', 'temporaryBytes'] as const
const opStrings = ['module', 'dtype', 'colocationGroup', 'unmodelled'] as const
const phases = ['forward', 'backward', 'optimizer']

function checkOp(check: FieldChecker, value: unknown, at: string): void {
  const op = check.record(value, at) as Partial<OpDescription> | undefined
  if (!op) return
  check.string(op.name, at, 'name')
  check.string(op.type, at, 'type')
  for (const key of opNumbers) check.optionalNumber(op[key], at, key)
  for (const key of opStrings) if (op[key] !== undefined) check.string(op[key], at, key)
  if (op.phase !== undefined && !phases.includes(op.phase))
    check.wrong(`${at}/phase`, `one of ${phases.join(', ')}`, op.phase)
  if (op.deviceKinds !== undefined)
    for (const kind of check.array(op.deviceKinds, `${at}/deviceKinds`)) check.string(kind, at, 'deviceKinds')
  checkSeconds(check, op.seconds, at)
  if (op.outputs === undefined) return
  const outputs = check.array(op.outputs, `${at}/outputs`)
  for (let k = 0; k < outputs.length; k++) checkOutput(check, outputs[k], `${at}/outputs/${k}`)
}

function checkSeconds(check: FieldChecker, seconds: unknown, at: string): void {
  if (seconds === undefined || typeof seconds === 'number') return
  const byKind = check.record(seconds, `${at}/seconds`)
  if (byKind) for (const [kind, value] of Object.entries(byKind)) check.number(value, `${at}/seconds`, kind)
}

function checkOutput(check: FieldChecker, value: unknown, at: string): void {
  const output = check.record(value, at) as Partial<OutputDescription> | undefined
  if (!output) return
  check.string(output.name, at, 'name')
  check.number(output.bytes, at, 'bytes')
  if (output.dtype !== undefined) check.string(output.dtype, at, 'dtype')
  if (output.shape !== undefined) checkShape(check, output.shape, `${at}/shape`)
  if (typeof output.aliasOf === 'object' ? output.aliasOf !== null : output.aliasOf !== undefined)
    check.string(output.aliasOf, at, 'aliasOf')
}

function checkEdge(check: FieldChecker, value: unknown, at: string): void {
  const edge = check.record(value, at) as Partial<EdgeDescription> | undefined
  if (!edge) return
  check.string(edge.from, at, 'from')
  check.string(edge.to, at, 'to')
  if (edge.output !== undefined) check.string(edge.output, at, 'output')
  check.optionalNumber(edge.bytes, at, 'bytes')
}

function checkParameter(check: FieldChecker, value: unknown, at: string): void {
  const parameter = check.record(value, at) as Partial<ParameterDescription> | undefined
  if (!parameter) return
  check.string(parameter.name, at, 'name')
  check.string(parameter.dtype, at, 'dtype')
  checkShape(check, parameter.shape, `${at}/shape`)
  if (parameter.op !== undefined) check.string(parameter.op, at, 'op')
  if (parameter.module !== undefined) check.string(parameter.module, at, 'module')
}

function checkShape(check: FieldChecker, value: unknown, at: string): void {
  const shape = check.array(value, at)
  for (let k = 0; k < shape.length; k++)
    if (!Number.isInteger(shape[k]) || (shape[k] as number) < 0)
      check.wrong(`${at}/${k}`, 'a whole number from 0', shape[k])
}
