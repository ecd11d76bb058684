import { didYouMean, Problems } from '../errors/index.js'
import type {
  EdgeDescription,
  GraphDescription,
  OpDescription,
  OutputDescription,
  ParameterDescription,
} from '../graph/index.js'
import { type FieldChecker, fieldChecker } from './fields.js'
import { graphSchema } from './opGraphSchema.js'

/**
 * A parsed `stowage.graph` document as a description. A hand-written reader: graphs have a million ops, and this one checks them without building
 * a second copy of each. Wrong types are E105 with their JSON pointer, all of them up to a limit; unknown keys are ignored.
 */
export function readOpGraph(value: unknown, where: string): GraphDescription {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const root = check.record(value) ?? {}
  const ops = check.array(root.ops ?? [], 'ops')
  const edges = check.array(root.edges ?? [], 'edges')
  const parameters = check.array(root.parameters ?? [], 'parameters')
  check.optionalString(root.name, 'name')
  for (let i = 0; i < ops.length; i++) checkOp(check, ops[i], i)
  for (let i = 0; i < edges.length; i++) checkEdge(check, edges[i], i)
  for (let i = 0; i < parameters.length; i++) checkParameter(check, parameters[i], i)
  problems.throwIfAny()
  return {
    name: (root.name as string | undefined) ?? where,
    ops: ops as readonly OpDescription[],
    edges: edges as readonly EdgeDescription[],
    parameters: parameters as readonly ParameterDescription[],
  }
}

/**
 * Keys of ops, edges and parameters that no reader knows, each told once: they do no harm, but whoever wrote `inputs` may believe that it
 * wires the graph.
 */
export function opGraphWarnings(value: unknown, where: string): string[] {
  const root = (value ?? {}) as Readonly<Record<string, unknown>>
  return Object.entries(entryKeys).flatMap(([section, keys]) => {
    const strange = new Map<string, { first: number; count: number }>()
    const entries = Array.isArray(root[section]) ? (root[section] as readonly unknown[]) : []
    entries.forEach((entry, i) => {
      for (const key in entry as object) {
        if (keys.has(key)) continue
        const seen = strange.get(key)
        if (seen) seen.count++
        else if (strange.size < mostStrange) strange.set(key, { first: i, count: 1 })
      }
    })
    return [...strange].map(([key, { first, count }]) => {
      const meant = section === 'ops' && key === 'inputs' ? 'edges connect ops' : didYouMean(key, keys)
      const more = count > 1 ? ` (and ${count - 1} more)` : ''
      return `${where}#/${section}/${first}/${key}${more} is no key of ${section} and is ignored${meant ? `: ${meant}` : ''}`
    })
  })
}

const mostStrange = 20
/** What an op may say. */
export const opKeys: ReadonlySet<string> = new Set(Object.keys(graphSchema.shape.ops.unwrap().element.shape))

const entryKeys = {
  ops: opKeys,
  edges: new Set(Object.keys(graphSchema.shape.edges.unwrap().element.shape)),
  parameters: new Set(Object.keys(graphSchema.shape.parameters.unwrap().element.shape)),
}

const phases = ['forward', 'backward', 'optimizer']

function checkOp(check: FieldChecker, value: unknown, index: number): void {
  check.enter('ops', index)
  const op = check.record(value) as Partial<OpDescription> | undefined
  if (!op) return
  check.string(op.name, 'name')
  check.string(op.type, 'type')
  check.optionalString(op.module, 'module')
  check.optionalString(op.dtype, 'dtype')
  check.optionalString(op.colocationGroup, 'colocationGroup')
  check.optionalString(op.unmodelled, 'unmodelled')
  check.optionalNumber(op.flops, 'flops')
  check.optionalNumber(op.matrixFlops, 'matrixFlops')
  check.optionalNumber(op.bytesAccessed, 'bytesAccessed')
  check.optionalNumber(op.parameterBytes, 'parameterBytes')
  check.optionalNumber(op.temporaryBytes, 'temporaryBytes')
  if (op.phase !== undefined && !phases.includes(op.phase))
    check.wrong('phase', `one of ${phases.join(', ')}`, op.phase)
  if (op.deviceKinds !== undefined)
    for (const kind of check.array(op.deviceKinds, 'deviceKinds')) check.string(kind, 'deviceKinds')
  checkSeconds(check, op.seconds)
  if (op.outputs === undefined) return
  const outputs = check.array(op.outputs, 'outputs')
  for (let k = 0; k < outputs.length; k++) checkOutput(check, outputs[k], k)
}

function checkSeconds(check: FieldChecker, seconds: unknown): void {
  if (seconds === undefined || typeof seconds === 'number') return
  const byKind = check.record(seconds, 'seconds')
  if (byKind) for (const [kind, value] of Object.entries(byKind)) check.number(value, `seconds/${kind}`)
}

function checkOutput(check: FieldChecker, value: unknown, index: number): void {
  check.enterPart('outputs', index)
  const output = check.record(value) as Partial<OutputDescription> | undefined
  if (!output) return
  check.string(output.name, 'name')
  check.number(output.bytes, 'bytes')
  check.optionalString(output.dtype, 'dtype')
  check.optionalNumber(output.transferSeconds, 'transferSeconds')
  if (output.shape !== undefined) checkShape(check, output.shape)
  if (output.aliasOf !== null) check.optionalString(output.aliasOf, 'aliasOf')
}

function checkEdge(check: FieldChecker, value: unknown, index: number): void {
  check.enter('edges', index)
  const edge = check.record(value) as Partial<EdgeDescription> | undefined
  if (!edge) return
  check.string(edge.from, 'from')
  check.string(edge.to, 'to')
  check.optionalString(edge.output, 'output')
  check.optionalNumber(edge.bytes, 'bytes')
}

function checkParameter(check: FieldChecker, value: unknown, index: number): void {
  check.enter('parameters', index)
  const parameter = check.record(value) as Partial<ParameterDescription> | undefined
  if (!parameter) return
  check.string(parameter.name, 'name')
  check.string(parameter.dtype, 'dtype')
  checkShape(check, parameter.shape)
  check.optionalString(parameter.op, 'op')
  if (parameter.readers !== undefined)
    for (const reader of check.array(parameter.readers, 'readers')) check.string(reader, 'readers')
  check.optionalString(parameter.module, 'module')
}

function checkShape(check: FieldChecker, value: unknown): void {
  const shape = check.array(value, 'shape')
  for (let k = 0; k < shape.length; k++)
    if (!Number.isInteger(shape[k]) || (shape[k] as number) < 0) check.wrong('shape', 'whole numbers from 0', shape[k])
}
