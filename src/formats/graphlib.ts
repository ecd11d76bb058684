import { json } from '@dagrejs/graphlib'
import { Problems, UserError } from '../errors/index.js'
import { type GraphDescription, toGraphlib } from '../graph/index.js'
import { fieldChecker } from './fields.js'
import { opKeys, readOpGraph } from './opGraph.js'

/**
 * JSON as `json.write` of @dagrejs/graphlib makes it: nodes { v, value }, edges { v, w, name, value }, value. A node's value is an op of a
 * stowage.graph, its name taken from `v` where it has none; of a graph made elsewhere the fields that an op has are read and others ignored.
 * An edge without a value is a control edge.
 */
export function readGraphlib(value: unknown, name: string, where: string): GraphDescription {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const root = check.record(value) ?? {}
  const label = asRecord(root.value)
  check.enter('options')
  if (asRecord(root.options).directed === false) check.wrong('directed', 'a directed graph', false)
  check.enter('')
  const ops = check.array(root.nodes, 'nodes').map((node, i) => {
    check.enter('nodes', i)
    const { v, value } = check.record(node) ?? {}
    check.string(v, 'v')
    return {
      type: 'Node',
      ...Object.fromEntries(Object.entries(asRecord(value)).filter(([key]) => opKeys.has(key))),
      name: v,
    }
  })
  const edges = check.array(root.edges ?? [], 'edges').map((edge, i) => {
    check.enter('edges', i)
    const { v, w, value } = check.record(edge) ?? {}
    check.string(v, 'v')
    check.string(w, 'w')
    const { output, bytes } = asRecord(value)
    return { from: v, to: w, ...(output !== undefined && { output, bytes }) }
  })
  problems.throwIfAny()
  return asNodes(() => readOpGraph({ name, ...label, ops, edges }, where))
}

/** A description as graphlib's JSON, to be read with its `json.read` or with `readGraphlib`. */
export function writeGraphlib(description: GraphDescription): object {
  return json.write(toGraphlib(description))
}

/** Labels may be anything in a graph made elsewhere. */
function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** Runs the reader of ops with its pointers turned into those of this file. */
function asNodes(read: () => GraphDescription): GraphDescription {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [first, ...rest] = error.problems.map((problem) => ({
      ...problem,
      where: problem.where?.replace(/#\/ops\/(\d+)/, '#/nodes/$1/value').replace(/#\/edges\/(\d+)/, '#/edges/$1/value'),
    }))
    throw new UserError([first, ...rest])
  }
}
