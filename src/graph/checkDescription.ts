import { didYouMean, type Problems } from '../errors/index.js'
import type { EdgeDescription, GraphDescription, OpDescription } from './description.js'

/** Names of a graph, numbered in sorted order. */
export interface NameTables {
  readonly opNumber: ReadonlyMap<string, number>
  readonly tensorNames: readonly string[]
  readonly tensorNumber: ReadonlyMap<string, number>
  readonly tensorProducer: Int32Array
  readonly tensorBytes: Float64Array
}

/** Above this a byte or FLOP count is a mistake, not a model: the largest trainings so far are some 1e26 FLOP in all, memories some 1e15 bytes. */
const largestQuantity = 1e18
const largestSeconds = 1e7

/** Adds every problem of names, references and numbers; positions are those of the file. */
export function checkDescription(
  description: GraphDescription,
  tables: NameTables,
  where: string,
  problems: Problems,
): void {
  const opSeen = new Set<string>()
  const tensorSeen = new Set<string>()
  description.ops.forEach((op, i) => {
    const at = `${where}#/ops/${i}`
    if (opSeen.has(op.name))
      problems.add('E202', `two ops are named ${op.name}`, { where: at, fix: 'give each op its own name' })
    opSeen.add(op.name)
    checkNumbers(op, at, problems)
    for (const output of op.outputs ?? []) {
      if (tensorSeen.has(output.name))
        problems.add('E202', `two outputs are named ${output.name}`, {
          where: at,
          fix: 'output names are unique in a graph',
        })
      tensorSeen.add(output.name)
      checkQuantity(output.bytes, `bytes of output ${output.name}`, at, largestQuantity, problems)
    }
  })
  description.edges.forEach((edge, e) => {
    checkEdge(edge, tables, `${where}#/edges/${e}`, problems)
  })
}

function checkNumbers(op: OpDescription, at: string, problems: Problems): void {
  checkQuantity(op.flops, `flops of ${op.name}`, at, largestQuantity, problems)
  checkQuantity(op.matrixFlops, `matrixFlops of ${op.name}`, at, largestQuantity, problems)
  checkQuantity(op.bytesAccessed, `bytesAccessed of ${op.name}`, at, largestQuantity, problems)
  checkQuantity(op.parameterBytes, `parameterBytes of ${op.name}`, at, largestQuantity, problems)
  checkQuantity(op.temporaryBytes, `temporaryBytes of ${op.name}`, at, largestQuantity, problems)
  if (typeof op.seconds === 'number') checkQuantity(op.seconds, `seconds of ${op.name}`, at, largestSeconds, problems)
  else if (op.seconds)
    for (const [kind, seconds] of Object.entries(op.seconds))
      checkQuantity(seconds, `seconds of ${op.name} on ${kind}`, at, largestSeconds, problems)
}

function checkQuantity(value: number | undefined, what: string, at: string, largest: number, problems: Problems): void {
  if (value === undefined || (value >= 0 && value <= largest)) return
  problems.add('E204', `${what} is ${value}`, {
    where: at,
    expected: `a number from 0 to ${largest}`,
    found: String(value),
  })
}

function checkEdge(edge: EdgeDescription, tables: NameTables, at: string, problems: Problems): void {
  for (const end of [edge.from, edge.to]) {
    if (!tables.opNumber.has(end))
      problems.add('E203', `the edge names an op that does not exist: ${end}`, {
        where: at,
        fix: problems.count < 5 ? didYouMean(end, tables.opNumber.keys()) || undefined : undefined,
      })
  }
  if (edge.output === undefined) {
    if (edge.bytes)
      problems.add('E205', `a control edge carries ${edge.bytes} bytes`, {
        where: at,
        fix: 'name the output that travels, or drop bytes',
      })
    return
  }
  const tensor = tables.tensorNumber.get(edge.output)
  const from = tables.opNumber.get(edge.from)
  if (tensor === undefined || (from !== undefined && tables.tensorProducer[tensor] !== from)) {
    problems.add('E203', `${edge.from} has no output ${edge.output}`, {
      where: at,
      fix: 'edges name an output of their from op',
    })
    return
  }
  const bytes = tables.tensorBytes[tensor]
  if (edge.bytes !== undefined && edge.bytes !== bytes)
    problems.add('E205', `the edge carries ${edge.bytes} bytes, its output ${edge.output} has ${bytes}`, {
      where: at,
      fix: "an edge's bytes equal its output's",
    })
}
