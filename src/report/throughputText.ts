import type { OpGraph } from '../graph/index.js'
import type { Cluster } from '../hardware/index.js'
import type { Plan } from '../plan/index.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** What a person needs to see of a placement, or of stages, made for throughput. */
export interface ThroughputView {
  readonly graph: OpGraph
  readonly cluster: Cluster
  /** Ops on each device. */
  readonly opCounts: ArrayLike<number>
  readonly bytes: ArrayLike<number>
  readonly memoryLimits: ArrayLike<number>
  readonly plan: Plan
}

/** Above this many devices only the busiest are listed. */
const mostRows = 16

/** The largest load against its bound, then one line a device: its load, the compute in it, what it holds. */
export function throughputText(view: ThroughputView, style: Style): string {
  const { graph, cluster, plan } = view
  const { maxLoadSeconds = 0, maxLoadLowerBoundSeconds = 0, stepSeconds } = plan.prediction
  const { stages } = plan.decisions
  const gap = maxLoadLowerBoundSeconds > 0 ? maxLoadSeconds / maxLoadLowerBoundSeconds - 1 : 0
  const rate = maxLoadSeconds > 0 ? `${(1 / maxLoadSeconds).toPrecision(4)} microbatches/s` : 'no work'
  const lines = [
    `${graph.name} · ${graph.ops.length} ops    ${cluster.name} · ${cluster.devices.length} devices`,
    `${style.strong(`Plan  ${plan.explanation?.placer ?? ''}`)}`,
    `  largest load  ${style.strong(formatSeconds(maxLoadSeconds))}    lower bound ${formatSeconds(maxLoadLowerBoundSeconds)} (${gap < 1e-9 ? 'optimal' : `+${formatPercent(gap)}`})`,
    `  throughput    ${rate}${stages ? '' : `    one microbatch alone ${formatSeconds(stepSeconds)}`}`,
    ...(stages ? [`  stages        ${stages.map(({ devices }) => devices.length).join('-')}`] : []),
    ...(plan.explanation?.binding ?? []).map((text) => `  binding       ${text}`),
    `  proof         ${plan.explanation?.proof ?? ''}`,
    '',
    rows(view, style),
    ...(plan.explanation?.assumed ?? []).map((text) => style.warn(`Assumed: ${text}`)),
    ...(plan.prediction.fits ? [] : [style.bad('Does not fit: at least one device holds more than its limit.')]),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function rows({ cluster, opCounts, bytes, memoryLimits, plan }: ThroughputView, style: Style): string {
  const { loadSeconds = [], computeSeconds } = plan.prediction
  const busiest = cluster.devices.map((_, d) => d).sort((a, b) => loadSeconds[b] - loadSeconds[a] || a - b)
  const shown = busiest.slice(0, mostRows).sort((a, b) => a - b)
  const cells = shown.map((d) => [
    String(d),
    cluster.devices[d].kind,
    String(opCounts[d]),
    formatSeconds(loadSeconds[d]),
    formatSeconds(computeSeconds[d]),
    formatBytes(bytes[d]),
    Number.isFinite(memoryLimits[d]) ? formatPercent(bytes[d] / memoryLimits[d]) : '',
  ])
  const right = 'right' as const
  const columns = [
    { title: 'device', align: right },
    { title: 'kind' },
    { title: 'ops', align: right },
    { title: 'load', align: right },
    { title: 'compute', align: right },
    { title: 'memory', align: right },
    { title: 'of limit', align: right },
  ]
  const rest = cluster.devices.length - shown.length
  return `${table(columns, cells, style)}${rest > 0 ? `... and ${rest} less loaded devices: --json lists all\n` : ''}`
}
