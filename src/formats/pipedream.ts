import { fail, Problems } from '../errors/index.js'
import type { GraphDescription } from '../graph/index.js'

/**
 * A profile of msr-fiddle/pipedream (Narayanan et al., SOSP 2019), its graph.txt: one node a line, then one indented edge a line.
 * Times are milliseconds. A node stays one op of forward and backward time together, as PipeDream's own planner counts it.
 */
export function readPipedream(text: string, name: string, where: string): GraphDescription {
  const problems = new Problems()
  const nodes = new Map<string, Node>()
  const edges: (readonly [from: string, to: string, line: number])[] = []
  for (const { line, number } of linesOf(text)) {
    if (line.trim() === '') continue
    const edge = edgeLine.exec(line)
    if (edge) edges.push([edge[1], edge[2], number])
    else readNode(line, `${where}:${number}`, nodes, problems)
  }
  for (const [from, to, number] of edges) {
    for (const id of [from, to])
      if (!nodes.has(id))
        problems.add('E203', `the edge names a node that does not exist: ${id}`, { where: `${where}:${number}` })
  }
  problems.throwIfAny()
  if (nodes.size === 0) fail('E206', `${where} has no nodes`, { where, expected: 'node lines and edge lines' })
  return describe(name, [...nodes.values()], edges)
}

interface Node {
  readonly id: string
  readonly description: string
  readonly forwardSeconds: number
  readonly backwardSeconds: number
  /** Of each output. */
  readonly activationBytes: readonly number[]
  readonly parameterBytes: number
}

const edgeLine = /^\t\s*(\S+) -- (\S+)\s*$/
/** The figures stand at the end of the line: the description before them holds commas, equal signs and brackets of its own. */
const figures =
  / -- forward_compute_time=([^,]*), backward_compute_time=([^,]*), activation_size=(\[[^\]]*\]|[^,[]*), parameter_size=([^,\s]*)\s*$/

function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let number = 1
  for (let start = 0; start <= text.length; number++) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    yield { line: text.slice(start, text[end - 1] === '\r' ? end - 1 : end), number }
    start = end + 1
  }
}

function readNode(line: string, where: string, nodes: Map<string, Node>, problems: Problems): void {
  const at = line.lastIndexOf(' -- forward_compute_time=')
  const match = at < 0 ? null : figures.exec(line.slice(at))
  const cut = line.indexOf(' -- ')
  if (!match || cut <= 0) {
    problems.add('E105', 'the line is neither a node nor an edge', {
      where,
      expected:
        'nodeN -- description -- forward_compute_time=..., backward_compute_time=..., activation_size=..., parameter_size=...',
      found: line.length > 60 ? `${line.slice(0, 57)}...` : line,
    })
    return
  }
  const id = line.slice(0, cut)
  const read = (text: string, what: string) => readNumber(text, what, where, problems)
  const sizes = match[3].startsWith('[') ? match[3].slice(1, -1).split(';') : [match[3]]
  if (nodes.has(id)) problems.add('E202', `two nodes are named ${id}`, { where })
  nodes.set(id, {
    id,
    description: cut < at ? line.slice(cut + 4, at) : '',
    forwardSeconds: read(match[1], 'forward_compute_time') / 1e3,
    backwardSeconds: read(match[2], 'backward_compute_time') / 1e3,
    activationBytes: sizes.map((size) => read(size, 'activation_size')),
    parameterBytes: read(match[4], 'parameter_size'),
  })
}

function readNumber(text: string, what: string, where: string, problems: Problems): number {
  const trimmed = text.trim()
  const value = trimmed === '' ? Number.NaN : Number(trimmed)
  if (Number.isNaN(value))
    problems.add('E105', `${what} is wrong`, { where, expected: 'a number', found: trimmed || 'nothing' })
  else if (!(value >= 0 && value <= 1e18))
    problems.add('E204', `${what} is ${value}`, { where, expected: 'a number from 0 to 1e18', found: trimmed })
  return value
}

type FileEdge = readonly [from: string, to: string, line: number]

function describe(name: string, nodes: readonly Node[], fileEdges: readonly FileEdge[]): GraphDescription {
  const taken = pickOutputs(nodes, fileEdges)
  return {
    name,
    ops: nodes.map(({ id, description, forwardSeconds, backwardSeconds, activationBytes, parameterBytes }) => ({
      name: id,
      type: /^[^\s(]*/.exec(description)![0] || 'Node',
      ...(description && { module: description }),
      seconds: forwardSeconds + backwardSeconds,
      parameterBytes,
      outputs: activationBytes.map((bytes, k) => ({ name: outputName(id, k), bytes })),
    })),
    edges: fileEdges.map(([from, to]) => ({ from, to, ...taken(from, to) })),
  }
}

const outputName = (id: string, k: number) => (k === 0 ? id : `${id}:${k}`)

/** Which output of a node with several travels on an edge: `__getitem__(k)` picks its own, other consumers read the first. */
function pickOutputs(nodes: readonly Node[], fileEdges: readonly FileEdge[]) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const picks = new Map<string, number>()
  for (const [, to] of fileEdges) {
    const match = /^__getitem__\((\d{1,6})\)/.exec(byId.get(to)!.description)
    if (match) picks.set(to, Number(match[1]))
  }
  return (from: string, to: string) => {
    const sizes = byId.get(from)!.activationBytes
    const k = Math.min(picks.get(to) ?? 0, sizes.length - 1)
    return { output: outputName(from, k), bytes: sizes[k] }
  }
}
