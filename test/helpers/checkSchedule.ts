import type { GraphDescription, OpDescription } from '../../src/graph/index.js'
import type { Cluster } from '../../src/hardware/index.js'
import type { PlacementPrediction } from '../../src/plan/index.js'

export interface Checked {
  readonly graph: GraphDescription
  readonly cluster: Cluster
  readonly placement: Readonly<Record<string, number>>
  readonly prediction: PlacementPrediction
  /** Bytes a device may hold; absent: nothing is held against a limit. */
  readonly limits?: readonly number[]
}

interface Span {
  readonly what: string
  readonly device: number
  readonly start: number
  readonly end: number
}

interface Transfer extends Span {
  readonly tensor: string
  readonly from: number
}

/** Everything that a schedule says, by name. */
interface Facts extends Checked {
  readonly opByName: ReadonlyMap<string, OpDescription>
  readonly spans: ReadonlyMap<string, Span>
  readonly transfers: readonly Transfer[]
  readonly producer: ReadonlyMap<string, string>
  readonly bytes: ReadonlyMap<string, number>
}

/**
 * What breaks the rules of FORMATS in a predicted schedule, in words; nothing when it is sound. Shares no code with the core: pairs are compared
 * one by one and bytes are counted instant by instant. Orders are held exactly; durations to 1e-9 s, since the core counts in whole ticks.
 */
export function checkSchedule(checked: Checked): string[] {
  const { schedule } = checked.prediction
  if (!schedule) return ['the prediction holds no schedule']
  const opByName = new Map(checked.graph.ops.map((op) => [op.name, op]))
  const outputs = checked.graph.ops.flatMap((op) => (op.outputs ?? []).map((output) => ({ op: op.name, ...output })))
  const facts: Facts = {
    ...checked,
    opByName,
    spans: new Map(schedule.ops.map(([what, device, start, end]) => [what, { what, device, start, end }])),
    transfers: schedule.transfers.map(([tensor, from, to, start, end]) => ({
      what: `${tensor}>${to}`,
      tensor,
      from,
      device: to,
      start,
      end,
    })),
    producer: new Map(outputs.map(({ name, op }) => [name, op])),
    bytes: new Map(outputs.map(({ name, bytes }) => [name, bytes])),
  }
  const missing = checked.graph.ops.filter((op) => !facts.spans.has(op.name)).map((op) => `${op.name} never runs`)
  if (missing.length > 0 || schedule.ops.length !== checked.graph.ops.length)
    return [...missing, `${schedule.ops.length} ops run, the graph has ${checked.graph.ops.length}`]
  return [...opFaults(facts), ...transferFaults(facts), ...edgeFaults(facts), ...overlaps(facts), ...totals(facts)]
}

const tolerance = 1e-9
const isClose = (a: number, b: number) => Math.abs(a - b) <= tolerance * (1 + Math.abs(b))

function opFaults({ cluster, placement, opByName, spans }: Facts): string[] {
  const faults: string[] = []
  const deviceOfGroup = new Map<string, number>()
  for (const { what, device, start, end } of spans.values()) {
    const op = opByName.get(what)
    if (!op) return [`${what} is no op`]
    const { kind, sheet } = cluster.devices[device]
    if (placement[what] !== device) faults.push(`${what} was decided for ${placement[what]} and runs on ${device}`)
    if (!(start >= 0)) faults.push(`${what} starts at ${start}`)
    const seconds = typeof op.seconds === 'object' ? op.seconds[kind] : op.seconds
    if (op.deviceKinds && !op.deviceKinds.includes(kind)) faults.push(`${what} may not run on ${kind}`)
    if (seconds === undefined && !sheet) faults.push(`${what} has no time on ${kind}`)
    if (seconds !== undefined && !isClose(end - start, seconds)) faults.push(`${what} takes ${end - start}`)
    if (op.colocationGroup === undefined) continue
    if ((deviceOfGroup.get(op.colocationGroup) ?? device) !== device) faults.push(`${op.colocationGroup} is split`)
    deviceOfGroup.set(op.colocationGroup, device)
  }
  return faults
}

function transferFaults({ cluster, transfers, producer, bytes, spans }: Facts): string[] {
  const faults: string[] = []
  const seen = new Set<string>()
  for (const { what, tensor, from, device, start, end } of transfers) {
    const made = spans.get(producer.get(tensor) ?? '')
    if (!made) return [`${tensor} is no tensor`]
    if (seen.has(what)) faults.push(`${what} moves twice`)
    seen.add(what)
    if (made.device !== from || from === device) faults.push(`${what} leaves ${from}, made on ${made.device}`)
    if (start < made.end) faults.push(`${what} leaves at ${start}, made at ${made.end}`)
    const [a, b] = [cluster.devices[from], cluster.devices[device]]
    const ends = [a.interconnect, b.interconnect]
    const links = a.host === b.host ? ends : [a.host, b.host].map((host) => cluster.hosts[host].network!)
    const latency = Math.max(...links.map((link) => link.latencySeconds))
    const rate = Math.min(...[...links, ...ends].map((link) => link.bytesPerSecond))
    if (!isClose(end - start, latency + bytes.get(tensor)! / rate)) faults.push(`${what} takes ${end - start}`)
  }
  return faults
}

function edgeFaults({ graph, spans, transfers }: Facts): string[] {
  const arrival = new Map(transfers.map(({ what, end }) => [what, end]))
  return graph.edges.flatMap(({ from, to, output }) => {
    const [a, b] = [spans.get(from)!, spans.get(to)!]
    const ready = output === undefined || a.device === b.device ? a.end : arrival.get(`${output}>${b.device}`)
    if (ready === undefined) return [`${output} never reaches ${to} on ${b.device}`]
    return b.start < ready ? [`${to} starts at ${b.start}, its input from ${from} is there at ${ready}`] : []
  })
}

function overlaps({ cluster, spans, transfers }: Facts): string[] {
  const held = new Map<string, Span[]>()
  const hold = (resource: string, span: Span) => {
    if (span.end > span.start) held.set(resource, [...(held.get(resource) ?? []), span])
  }
  for (const span of spans.values()) hold(`device ${span.device}`, span)
  if (cluster.transfers !== 'uncontended') {
    const isHalf = cluster.transfers === 'half-duplex'
    for (const span of transfers) {
      hold(`${isHalf ? 'endpoint' : 'transmit'} ${span.from}`, span)
      hold(`${isHalf ? 'endpoint' : 'receive'} ${span.device}`, span)
      const [a, b] = [cluster.devices[span.from].host, cluster.devices[span.device].host]
      if (a === b) continue
      hold(`network transmit ${a}`, span)
      hold(`network receive ${b}`, span)
    }
  }
  return [...held].flatMap(([resource, list]) =>
    list.flatMap((a, i) =>
      list
        .slice(i + 1)
        .filter((b) => a.start < b.end && b.start < a.end)
        .map((b) => `${resource}: ${a.what} and ${b.what} overlap`),
    ),
  )
}

function totals(facts: Facts): string[] {
  const { prediction, spans, limits } = facts
  const faults: string[] = []
  const makespan = Math.max(...[...spans.values()].map(({ end }) => end))
  if (prediction.stepSeconds !== makespan) faults.push(`stepSeconds ${prediction.stepSeconds}, makespan ${makespan}`)
  if (!(prediction.lowerBoundSeconds <= makespan)) faults.push(`bound ${prediction.lowerBoundSeconds} > ${makespan}`)
  const peaks = peakBytes(facts, makespan)
  peaks.forEach((bytes, d) => {
    if (bytes !== prediction.peakBytes[d]) faults.push(`device ${d} holds ${bytes}, said ${prediction.peakBytes[d]}`)
    if (limits && bytes > limits[d]) faults.push(`device ${d} holds ${bytes} of ${limits[d]}`)
  })
  if (limits && prediction.fits !== peaks.every((bytes, d) => bytes <= limits[d])) faults.push('fits is wrong')
  return faults
}

/** Bytes held, instant by instant, by the memory rules of FORMATS. */
function peakBytes({ graph, cluster, spans, transfers, bytes }: Facts, makespan: number): number[] {
  const holdings: { device: number; start: number; end: number; bytes: number }[] = []
  for (const op of graph.ops) {
    const { device, start, end } = spans.get(op.name)!
    holdings.push({ device, start: 0, end: makespan, bytes: op.parameterBytes ?? 0 })
    holdings.push({ device, start, end, bytes: op.temporaryBytes ?? 0 })
    for (const output of op.outputs ?? []) {
      const uses = [
        ...usesOf(graph, output.name, device, spans),
        ...transfers.filter(({ tensor }) => tensor === output.name).map((transfer) => transfer.end),
      ]
      holdings.push({ device, start, end: uses.length > 0 ? Math.max(...uses) : makespan, bytes: output.bytes })
    }
  }
  for (const { tensor, device, start } of transfers)
    holdings.push({ device, start, end: Math.max(...usesOf(graph, tensor, device, spans)), bytes: bytes.get(tensor)! })
  const instants = new Set(holdings.map(({ start }) => start))
  return cluster.devices.map((_, d) => {
    const here = holdings.filter(({ device }) => device === d)
    const at = [...instants].map((t) => here.reduce((sum, h) => (h.start <= t && t < h.end ? sum + h.bytes : sum), 0))
    return Math.max(0, ...at)
  })
}

function usesOf(graph: GraphDescription, tensor: string, device: number, spans: Facts['spans']): number[] {
  return graph.edges.flatMap(({ output, to }) => {
    const span = spans.get(to)!
    return output === tensor && span.device === device ? [span.end] : []
  })
}
