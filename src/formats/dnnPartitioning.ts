import { Problems } from '../errors/index.js'
import type { EdgeDescription, GraphDescription, OpDescription, OutputDescription } from '../graph/index.js'
import type { ClusterDescription } from '../hardware/index.js'
import { type FieldChecker, fieldChecker } from './fields.js'

/** A graph and the devices it was profiled for. */
export interface DnnPartitioningReading {
  readonly description: GraphDescription
  readonly cluster: ClusterDescription
  readonly warnings: readonly string[]
}

/**
 * A workload of msr-fiddle/dnn-partitioning (Tarnawski et al., NeurIPS 2020): costs in milliseconds, devices named by their counts alone.
 * A node's transfer cost stands on its edges and is the same on each; the file's sizes imply no one bandwidth, so none is derived:
 * the cost becomes the tensor's `transferSeconds`. A node's size counts against the accelerator that holds it: `parameterBytes`.
 */
export function readDnnPartitioning(value: unknown, name: string, where: string): DnnPartitioningReading {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const root = check.record(value) ?? {}
  const nodes = check.array(root.nodes, 'nodes')
  const edges = check.array(root.edges, 'edges')
  const cluster = readDevices(root, check, where)
  const ops = new Map<string, OpDescription>()
  nodes.forEach((node, i) => {
    check.enter('nodes', i)
    const op = readNode(check.record(node), check)
    if (!op) return
    if (ops.has(op.name)) problems.add('E202', `two nodes have the id ${op.name}`, { where: check.at('id') })
    ops.set(op.name, op)
  })
  const { outputs, described, warnings } = readEdges(edges, ops, check, problems)
  problems.throwIfAny()
  return {
    description: {
      name,
      ops: [...ops.values()].map((op) => {
        const output = outputs.get(op.name)
        return output ? { ...op, outputs: [output] } : op
      }),
      edges: described,
    },
    cluster: { ...cluster, name: `${name} devices` },
    warnings,
  }
}

/** Kinds of the device numbers 0..maxFPGAs-1 and of those after them. */
const accelerator = 'accelerator'
const cpu = 'cpu'

function readDevices(root: Readonly<Record<string, unknown>>, check: FieldChecker, where: string): ClusterDescription {
  check.enter('')
  const count = (key: string) => {
    const value = root[key] ?? 0
    if (!Number.isInteger(value) || (value as number) < 0) check.wrong(key, 'a whole number from 0', value)
    return value as number
  }
  const groups = [
    { kind: accelerator, count: count('maxFPGAs'), memoryBytes: check.quantity(root.maxSizePerFPGA, 'maxSizePerFPGA') },
    { kind: cpu, count: count('maxCPUs'), memoryBytes: Number.POSITIVE_INFINITY },
  ]
  return {
    name: where,
    hosts: [
      {
        count: 1,
        groups: groups.filter((group) => group.count > 0),
        // Every tensor states its own time, which the sender and the receiver each pay.
        interconnect: { topology: 'pcie', bytesPerSecond: Number.POSITIVE_INFINITY, latencySeconds: 0 },
      },
    ],
    transfers: 'half-duplex',
  }
}

function readNode(node: Readonly<Record<string, unknown>> | undefined, check: FieldChecker): OpDescription | undefined {
  if (!node) return undefined
  const { id, name, colorClass } = node
  if (!Number.isInteger(id)) {
    check.wrong('id', 'a whole number', id)
    return undefined
  }
  check.optionalString(name, 'name')
  const supported = readFlag(node.supportedOnFpga, 'supportedOnFpga', true, check)
  const backward = readFlag(node.isBackwardNode, 'isBackwardNode', false, check)
  if (colorClass !== undefined && colorClass !== null && !Number.isInteger(colorClass))
    check.wrong('colorClass', 'a whole number', colorClass)
  const cpuSeconds = check.quantity(node.cpuLatency, 'cpuLatency') / 1e3
  const acceleratorSeconds = supported ? check.quantity(node.fpgaLatency, 'fpgaLatency') / 1e3 : undefined
  return {
    name: String(id),
    type: 'Node',
    ...(name !== undefined && { module: name as string }),
    phase: backward ? 'backward' : 'forward',
    seconds:
      acceleratorSeconds === undefined
        ? { [cpu]: cpuSeconds }
        : { [accelerator]: acceleratorSeconds, [cpu]: cpuSeconds },
    parameterBytes: check.quantity(node.size ?? 0, 'size'),
    ...(colorClass !== undefined && colorClass !== null && { colocationGroup: `colour ${colorClass}` }),
    ...(!supported && { deviceKinds: [cpu] }),
  }
}

/** The files write truth as true or 1. */
function readFlag(value: unknown, key: string, absent: boolean, check: FieldChecker): boolean {
  if (value === undefined || value === null) return absent
  if (value === true || value === 1) return true
  if (value !== false && value !== 0) check.wrong(key, 'true, false, 1 or 0', value)
  return false
}

function readEdges(
  edges: readonly unknown[],
  ops: ReadonlyMap<string, OpDescription>,
  check: FieldChecker,
  problems: Problems,
) {
  const outputs = new Map<string, OutputDescription>()
  const unlike = new Set<string>()
  const described: EdgeDescription[] = []
  edges.forEach((value, i) => {
    check.enter('edges', i)
    const edge = check.record(value)
    if (!edge) return
    for (const key of ['sourceId', 'destId']) {
      if (!Number.isInteger(edge[key])) check.wrong(key, 'the id of a node', edge[key])
      else if (!ops.has(String(edge[key])))
        problems.add('E203', `no node has the id ${edge[key]}`, { where: check.at(key) })
    }
    const from = String(edge.sourceId)
    const transferSeconds = check.quantity(edge.cost, 'cost') / 1e3
    const bytes = check.quantity(edge.size ?? 0, 'size')
    const known = outputs.get(from)
    if (known && Math.abs(known.transferSeconds! - transferSeconds) > 0) {
      problems.add('E205', `node ${from} has two transfer costs`, {
        where: check.at('cost'),
        expected: `${known.transferSeconds! * 1e3}, as on its first edge`,
        found: `${edge.cost}`,
        fix: 'a cost belongs to the source node: give all its edges the same',
      })
    }
    if (known && known.bytes !== bytes) unlike.add(from)
    outputs.set(from, { name: from, bytes: Math.max(bytes, known?.bytes ?? 0), transferSeconds })
    described.push({ from, to: String(edge.destId), output: from })
  })
  const warnings = unlike.size
    ? [`${unlike.size} nodes have edges of unlike sizes: the largest is taken as the size of what they make`]
    : []
  return { outputs, described, warnings }
}
