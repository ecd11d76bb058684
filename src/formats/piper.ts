import { Problems } from '../errors/index.js'
import type { Layer, LayerAlternatives, LayerChoice, LayerEdge } from '../model/index.js'
import { type FieldChecker, fieldChecker } from './fields.js'

/**
 * A workload of msr-fiddle/piper (Tarnawski et al., NeurIPS 2021): layers with a list of ways to run them (TMPCs) for each degree of tensor
 * parallelism. Seconds and bytes as they are; what the file calls sync times are bytes.
 */
export function readPiper(value: unknown, name: string, where: string): LayerAlternatives {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const root = check.record(value) ?? {}
  const count = (key: string) => {
    if (!Number.isInteger(root[key]) || (root[key] as number) < 1) check.wrong(key, 'a whole number from 1', root[key])
    return root[key] as number
  }
  const model = {
    name,
    deviceCount: count('maxDevices'),
    deviceMemoryBytes: check.quantity(root.maxMemoryPerDevice, 'maxMemoryPerDevice'),
    bytesPerSecond: check.quantity(root.bandwidth, 'bandwidth'),
    microbatchesPerBatch: count('mbsInBatch'),
  }
  const nodes = check.array(root.nodes, 'nodes')
  const edges = check.array(root.edges, 'edges')
  const layers = new Map<string, Layer>()
  nodes.forEach((node, i) => {
    check.enter('nodes', i)
    const layer = readLayer(check.record(node), check)
    if (!layer) return
    if (layers.has(layer.id)) problems.add('E202', `two nodes have the id ${layer.id}`, { where: check.at('id') })
    layers.set(layer.id, layer)
  })
  const described = edges.flatMap((edge, i) => {
    check.enter('edges', i)
    return readEdge(check.record(edge), layers, check, problems)
  })
  problems.throwIfAny()
  refuseCycle(layers, described, where, problems)
  return { ...model, layers: [...layers.values()], edges: described }
}

type Fields = Readonly<Record<string, unknown>>

function readLayer(node: Fields | undefined, check: FieldChecker): Layer | undefined {
  if (!node) return undefined
  if (!Number.isInteger(node.id)) {
    check.wrong('id', 'a whole number', node.id)
    return undefined
  }
  check.optionalString(node.name, 'name')
  const byDegree = check.record(node.TMPCs, 'TMPCs') ?? {}
  const choices = Object.entries(byDegree).flatMap(([degree, list]) => {
    if (!/^[1-9]\d{0,8}$/.test(degree)) check.wrong('TMPCs', 'keys that are degrees of tensor parallelism', degree)
    return check.array(list, `TMPCs/${degree}`).flatMap((choice, k) => {
      const at = `TMPCs/${degree}/${k}`
      const fields = check.record(choice, at)
      return fields ? [readChoice(fields, Number(degree), at, check)] : []
    })
  })
  if (choices.length === 0) check.wrong('TMPCs', 'at least one way to run the layer', node.TMPCs)
  return { id: String(node.id), name: (node.name as string | undefined) ?? String(node.id), choices }
}

function readChoice(fields: Fields, tensorParallelDegree: number, at: string, check: FieldChecker): LayerChoice {
  const quantity = (key: string) => check.quantity(fields[key], `${at}/${key}`)
  const byNeighbour = (key: string) => {
    const record = check.record(fields[key] ?? {}, `${at}/${key}`) ?? {}
    for (const [id, bytes] of Object.entries(record)) check.quantity(bytes, `${at}/${key}/${id}`)
    return record as Readonly<Record<string, number>>
  }
  check.string(fields.id, `${at}/id`)
  return {
    name: String(fields.id),
    tensorParallelDegree,
    secondsPerMicrobatch: quantity('timePerSample'),
    parameterBytes: quantity('parameterSize'),
    bytesPerMicrobatch: quantity('memoryUsageA'),
    fixedBytes: quantity('memoryUsageB'),
    forwardSyncBytes: byNeighbour('syncTimeFw'),
    backwardSyncBytes: byNeighbour('syncTimeBw'),
  }
}

function readEdge(
  edge: Fields | undefined,
  layers: ReadonlyMap<string, Layer>,
  check: FieldChecker,
  problems: Problems,
): LayerEdge[] {
  if (!edge) return []
  for (const key of ['sourceId', 'destId']) {
    if (!Number.isInteger(edge[key])) check.wrong(key, 'the id of a node', edge[key])
    else if (!layers.has(String(edge[key])))
      problems.add('E203', `no node has the id ${edge[key]}`, { where: check.at(key) })
  }
  const bytes = check.quantity(edge.communicationCost, 'communicationCost')
  return [{ from: String(edge.sourceId), to: String(edge.destId), bytes }]
}

/** Removes layers that wait for none; what remains waits in a circle. */
function refuseCycle(
  layers: ReadonlyMap<string, Layer>,
  edges: readonly LayerEdge[],
  where: string,
  problems: Problems,
): void {
  const waiting = new Map([...layers.keys()].map((id) => [id, 0]))
  const next = new Map([...layers.keys()].map((id): [string, string[]] => [id, []]))
  for (const { from, to } of edges) {
    waiting.set(to, waiting.get(to)! + 1)
    next.get(from)!.push(to)
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id)
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    waiting.delete(id)
    for (const to of next.get(id)!) {
      waiting.set(to, waiting.get(to)! - 1)
      if (waiting.get(to) === 0) ready.push(to)
    }
  }
  if (waiting.size === 0) return
  const some = [...waiting.keys()].slice(0, 12).join(', ')
  problems.add('E201', `${waiting.size} layers wait for each other in a circle, or for those that do`, {
    where,
    found: some,
  })
  problems.throwIfAny()
}
