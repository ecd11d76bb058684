import type { ProfileReport } from '../cost/index.js'
import type { GraphStatistics } from '../graph/index.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { formatBytes, formatCount, formatFlops, formatPercent, formatSeconds } from './units.js'

/** What inspectModel tells, as far as the text shows it. */
export interface InspectView {
  readonly format: string
  readonly graph: Omit<GraphStatistics, 'opsByType' | 'unmodelled'> & {
    readonly name: string
    readonly parameters: number
    readonly opsByType: Readonly<Record<string, number>>
    readonly unmodelledOps: GraphStatistics['unmodelled']
  }
  readonly profile?: ProfileReport
  readonly warnings: readonly string[]
}

const mostTypes = 12

/** A model at a glance: size, work, shape of the graph, op types, and everything that could not be costed. */
export function inspectText({ format, graph, profile, warnings }: InspectView, style: Style): string {
  const types = Object.entries(graph.opsByType)
  const listed = types.slice(0, mostTypes).map(([type, count]) => `${type} ${count}`)
  const rest = types.length - listed.length
  const lines = [
    `${style.strong(graph.name)} · ${format}`,
    `  parameters  ${formatCount(graph.parameters)} · ${formatBytes(graph.parameterBytes)}`,
    `  work        ${formatFlops(graph.flops)}, ${formatFlops(graph.matrixFlops)} of them matrix arithmetic`,
    `  graph       ${graph.ops} ops · ${graph.edges} edges · ${graph.tensors} tensors (${formatBytes(graph.outputBytes)}) · depth ${graph.depth} · width ${graph.width}`,
    `  op types    ${listed.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`,
  ]
  if (graph.unmodelledOps.length > 0) {
    const rows = graph.unmodelledOps.map((each) => [
      each.type,
      String(each.count),
      formatPercent(each.outputBytesFraction),
      each.why,
    ])
    const columns = [
      { title: 'not modelled' },
      { title: 'ops', align: 'right' as const },
      { title: 'of bytes', align: 'right' as const },
      { title: 'why' },
    ]
    lines.push('', table(columns, rows, style).trimEnd())
  } else lines.push('  modelled    every op')
  if (profile) lines.push('', ...profileLines(profile, style))
  for (const warning of warnings) lines.push(style.warn(`  warning     ${warning}`))
  return `${lines.join('\n')}\n`
}

function profileLines(
  { name, ops, measuredOps, shares, unmatched, isDeviceTime }: ProfileReport,
  style: Style,
): string[] {
  const times = isDeviceTime === undefined ? '' : `, times of ${isDeviceTime ? 'kernels' : 'the host'}`
  return [
    `${style.strong(`profile ${name}`)} · ${measuredOps} of ${ops} ops measured${times}`,
    ...shares.map(
      ({ of, seconds, matchedFraction }) =>
        `  ${of.padEnd(11)} ${formatSeconds(seconds)}, ${formatPercent(matchedFraction)} of it matched`,
    ),
    ...unmatched.map(({ what, seconds }) => `  unmatched   ${formatSeconds(seconds)} ${what}`),
  ]
}
