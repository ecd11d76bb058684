import { didYouMean, type Problems } from '../errors/index.js'
import type { EdgeDescription, GraphDescription, OpDescription, ParameterDescription } from './description.js'

/** Names of a graph, numbered in sorted order. */
export interface NameTables {
  readonly opNumber: ReadonlyMap<string, number>
  readonly tensorNames: readonly string[]
  readonly tensorNumber: ReadonlyMap<string, number>
  readonly tensorProducer: Int32Array
  readonly tensorBytes: Float64Array
}

/** Edges by number: tensor -1 is a control edge, `unknownName` what is in no table. */
export interface EdgeEnds {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly tensor: Int32Array
}

export const unknownName = -2

/** Above this a byte or FLOP count is a mistake, not a model: one op of the largest models does some 1e15 FLOP, a cluster holds some 1e16 bytes. */
const largestQuantity = 1e18
/** 115 days. */
const largestSeconds = 1e7

/** Adds every problem of names, references and numbers; positions are those of the file. Pointers are put together only for problems. */
export function checkDescription(
  description: GraphDescription,
  tables: NameTables,
  ends: EdgeEnds,
  where: string,
  problems: Problems,
): void {
  reportRepeats(description, tables, where, problems)
  description.ops.forEach((op, i) => {
    checkNumbers(op, i, where, problems)
  })
  description.edges.forEach((edge, e) => {
    checkEdge(edge, e, tables, ends, where, problems)
  })
  checkParameters(description.parameters ?? [], tables, where, problems)
}

function checkParameters(
  parameters: readonly ParameterDescription[],
  tables: NameTables,
  where: string,
  problems: Problems,
): void {
  const seen = new Set<string>()
  parameters.forEach(({ name, readers = [] }, i) => {
    const at = `${where}#/parameters/${i}`
    if (seen.has(name))
      problems.add('E202', `two parameters are named ${name}`, {
        where: at,
        fix: 'name each once; ops that share it stand in its readers',
      })
    seen.add(name)
    for (const op of readers) if (!tables.opNumber.has(op)) reportMissing('parameter', op, tables, at, problems)
  })
}

/** Names are unique when the tables hold as many as the file; only otherwise is it worth finding out which repeat. */
function reportRepeats({ ops }: GraphDescription, tables: NameTables, where: string, problems: Problems): void {
  if (tables.opNumber.size === ops.length && tables.tensorNumber.size === tables.tensorNames.length) return
  const opSeen = new Set<string>()
  const tensorSeen = new Set<string>()
  ops.forEach((op, i) => {
    const at = { where: `${where}#/ops/${i}` }
    if (opSeen.has(op.name))
      problems.add('E202', `two ops are named ${op.name}`, { ...at, fix: 'give each op its own name' })
    opSeen.add(op.name)
    for (const { name } of op.outputs ?? []) {
      if (tensorSeen.has(name))
        problems.add('E202', `two outputs are named ${name}`, { ...at, fix: 'output names are unique in a graph' })
      tensorSeen.add(name)
    }
  })
}

const quantities = ['flops', 'matrixFlops', 'bytesAccessed', 'parameterBytes', 'temporaryBytes'] as const

function checkNumbers(op: OpDescription, index: number, where: string, problems: Problems): void {
  const check = (value: number | undefined, what: string, largest: number) => {
    if (value === undefined || (value >= 0 && value <= largest)) return
    problems.add('E204', `${what} of ${op.name} is ${value}`, {
      where: `${where}#/ops/${index}`,
      expected: `a number from 0 to ${largest}`,
      found: String(value),
    })
  }
  for (const key of quantities) check(op[key], key, largestQuantity)
  if (op.outputs) {
    for (const output of op.outputs) {
      check(output.bytes, 'output bytes', largestQuantity)
      check(output.transferSeconds, 'transferSeconds', largestSeconds)
    }
  }
  if (typeof op.seconds === 'number') check(op.seconds, 'seconds', largestSeconds)
  else if (op.seconds) for (const seconds of Object.values(op.seconds)) check(seconds, 'seconds', largestSeconds)
}

function checkEdge(
  edge: EdgeDescription,
  index: number,
  tables: NameTables,
  ends: EdgeEnds,
  where: string,
  problems: Problems,
): void {
  const from = ends.from[index]
  const at = () => `${where}#/edges/${index}`
  if (from === unknownName) reportMissing('edge', edge.from, tables, at(), problems)
  if (ends.to[index] === unknownName) reportMissing('edge', edge.to, tables, at(), problems)
  if (edge.output === undefined) {
    if (edge.bytes)
      problems.add('E205', `a control edge carries ${edge.bytes} bytes`, {
        where: at(),
        fix: 'name the output that travels, or drop bytes',
      })
    return
  }
  const tensor = ends.tensor[index]
  if (tensor === unknownName || (from !== unknownName && tables.tensorProducer[tensor] !== from)) {
    problems.add('E203', `${edge.from} has no output ${edge.output}`, {
      where: at(),
      fix: 'edges name an output of their from op',
    })
    return
  }
  const bytes = tables.tensorBytes[tensor]
  if (edge.bytes !== undefined && edge.bytes !== bytes)
    problems.add('E205', `the edge carries ${edge.bytes} bytes, its output ${edge.output} has ${bytes}`, {
      where: at(),
      fix: "an edge's bytes equal its output's",
    })
}

function reportMissing(by: string, name: string, tables: NameTables, where: string, problems: Problems): void {
  problems.add('E203', `the ${by} names an op that does not exist: ${name}`, {
    where,
    // Comparing with every name is dear: only for the first few.
    fix: problems.count < 3 ? didYouMean(name, tables.opNumber.keys()) || undefined : undefined,
  })
}
