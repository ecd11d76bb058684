import type { OpGraph } from '../graph/index.js'
import type { Cluster } from '../hardware/index.js'
import type { PlacementPrediction, Plan } from '../plan/index.js'
import { deviceRows } from './deviceRows.js'
import type { Style } from './style.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** What a person needs to see of an operator placement. */
export interface PlacementView {
  readonly graph: OpGraph
  readonly cluster: Cluster
  readonly memoryLimits: Float64Array
  readonly deviceOf: ArrayLike<number>
  readonly prediction: PlacementPrediction
  /** Absent when a placement made elsewhere was simulated. */
  readonly plan?: Plan
}

/** The plan on one screen: step time against its bound, memory against its limit, one line a device, what was left out. */
export function placementText(view: PlacementView, style: Style): string {
  return `${[headLine(view), ...summary(view, style), '', deviceRows(view, style), ...remarks(view, style)].join('\n').trimEnd()}\n`
}

function headLine({ graph, cluster }: PlacementView): string {
  const parameters = graph.parameterBytes.reduce((sum, bytes) => sum + bytes, 0)
  const kinds = [...new Set(cluster.devices.map((device) => device.kind))].join(' + ')
  const hosts = `${cluster.hosts.length} host${cluster.hosts.length === 1 ? '' : 's'}`
  return `${graph.name} · ${graph.ops.length} ops · ${formatBytes(parameters)} parameters    ${cluster.name} · ${cluster.devices.length} x ${kinds} · ${hosts}`
}

function summary({ prediction, memoryLimits, plan, deviceOf }: PlacementView, style: Style): string[] {
  const { stepSeconds, lowerBoundSeconds, breakdown, peakBytes } = prediction
  const gap = lowerBoundSeconds > 0 ? stepSeconds / lowerBoundSeconds - 1 : 0
  const tightest = peakBytes.reduce(
    (best, bytes, d) => (bytes / memoryLimits[d] > peakBytes[best] / memoryLimits[best] ? d : best),
    0,
  )
  const used = new Set(Array.from(deviceOf)).size
  const placer = plan ? `Plan  ${plan.explanation?.placer ?? ''}${chosenBy(plan)}` : 'Simulated placement'
  const share = (part: number) => (stepSeconds > 0 ? formatPercent(part / stepSeconds) : formatPercent(0))
  return [
    `${style.strong(placer)} · ${used} of ${peakBytes.length} devices used`,
    `  step time   ${style.strong(formatSeconds(stepSeconds))}    lower bound ${formatSeconds(lowerBoundSeconds)} (${gap === 0 ? 'optimal' : `+${formatPercent(gap)}`})`,
    `  critical    compute ${share(breakdown.compute)} · transfers ${share(breakdown.exposedCommunication)} · waiting ${share(breakdown.other)}`,
    `  memory      ${formatBytes(peakBytes[tightest])} peak of ${formatBytes(memoryLimits[tightest])} allowed on device ${tightest}, the fullest (headroom ${formatPercent(1 - peakBytes[tightest] / memoryLimits[tightest])})`,
  ]
}

/** Which placer `auto` took. */
function chosenBy({ provenance, explanation }: Plan): string {
  if (provenance.inputs.options.placer !== 'auto') return ''
  return `, best of ${(explanation?.alternatives.length ?? 0) + 1} placers`
}

function remarks({ prediction, plan, graph }: PlacementView, style: Style): string[] {
  const lines: string[] = []
  if (!prediction.fits) lines.push(style.bad('Does not fit: at least one device holds more than its limit.'))
  for (const text of plan?.explanation?.assumed ?? []) lines.push(style.warn(`Assumed: ${text}`))
  for (const text of plan?.explanation?.misses ?? []) lines.push(style.dim(`Note: ${text}`))
  const unmodelled = graph.ops.filter((op) => op.unmodelled !== undefined)
  if (unmodelled.length > 0) {
    const types = [...new Set(unmodelled.map((op) => op.type))].slice(0, 5).join(', ')
    lines.push(
      style.warn(
        `Not modelled: ${unmodelled.length} ops (${types}), ${formatPercent(prediction.unmodelledFlopsFraction)} of output bytes: stowage inspect MODEL`,
      ),
    )
  }
  return lines
}
