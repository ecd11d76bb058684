import type {
  DecisionsDiff,
  FigureChange,
  MoveCounts,
  MoveGroup,
  PlanDiff,
  Skipped,
  Unit,
  ValueChange,
} from '../plan/diff/index.js'
import { formatBytes, formatSeconds } from './units.js'

/** What a diff says in one line, for text and Markdown alike: the verdict on top. */
export function headline(diff: PlanDiff): string {
  if (diff.same) return 'no difference'
  const step = diff.prediction.figures.find(({ figure }) => figure === 'stepSeconds')
  const time = !step
    ? 'step time not compared'
    : step.difference === 0
      ? 'same step time'
      : `step time ${amount(step.base, 'seconds')} -> ${amount(step.head, 'seconds')} (${percentOf(step)})`
  return `${diff.decisions.same ? 'same decisions' : 'other decisions'}, ${time}`
}

/** Which inputs differ; when none does, what that means. One entry a cause. */
export function causesOf({ why, decisions, same }: PlanDiff): string[] {
  const inputs = why.inputs.map(({ input, base, head }) => {
    const names = base.name === head.name ? base.name : `${base.name} -> ${head.name}`
    return `${input} differs: ${names} (sha256 ${base.sha256.slice(0, 8)} -> ${head.sha256.slice(0, 8)})`
  })
  const options = why.options.map((change) => `option ${changeWords(change)}`)
  if (inputs.length + options.length > 0) return [...inputs, ...options]
  if (same) return ['same inputs']
  return [
    decisions.same
      ? 'same inputs, same decisions, other predictions: one of the files was changed by hand'
      : 'same inputs, other decisions',
  ]
}

/** One line for each kind of decision that differs; long lists are the caller's. */
export function decisionLines(decisions: DecisionsDiff): [label: string, words: string][] {
  const { placement, order, mesh, stages, fsdp, experts } = decisions
  const lines: [string, string][] = []
  if (placement?.moves.length)
    lines.push([
      'placement',
      `${countWords(placement, placement.of, 'ops')}${placement.renumbered ? ': the same parts, devices numbered otherwise' : ''}`,
    ])
  if (order && order.removedAt.length + order.insertedAt.length > 0)
    lines.push(['order', countWords(order, order.of, 'entries')])
  if (mesh?.length)
    lines.push([
      'mesh',
      mesh.map(({ axis, base, head }) => `${clean(axis)} ${base ?? 'none'} -> ${head ?? 'none'}`).join(' · '),
    ])
  if (stages) {
    const number = stages.base === stages.head ? `${stages.base}` : `${stages.base} -> ${stages.head}`
    const devices = stages.devices.length ? `, ${whole(stages.devices.length)} on other devices` : ''
    lines.push(['stages', `${number}, ${countWords(stages, undefined, 'modules')}${devices}`])
  }
  if (fsdp) {
    const { added, removed, changed } = fsdp
    lines.push([
      'fsdp units',
      `${fsdp.base} -> ${fsdp.head}, ${changed.length} changed, ${added.length} added, ${removed.length} removed`,
    ])
  }
  if (experts)
    lines.push([
      'experts',
      `slots differ in ${experts.layers} of ${experts.of} layers: ${whole(experts.gained)} gained, ${whole(experts.lost)} lost`,
    ])
  return lines
}

/** Values that no line of `decisionLines` sums up. */
export function otherChanges({ changes, ...sums }: DecisionsDiff): ValueChange[] {
  return changes.filter(({ path: [part, under] }) => {
    if (part === 'mesh') return sums.mesh === undefined || (under !== 'shape' && under !== 'axes')
    if (part === 'stages') return sums.stages === undefined
    if (part === 'fsdp') return sums.fsdp === undefined || under !== 'units'
    return part !== 'experts' || sums.experts === undefined || under !== 'layers'
  })
}

/** 1,204 ops of transformer.h.3-5, and its way. */
export function groupWords({ modules, from, to, count, of }: MoveGroup, noun: string): [what: string, way: string] {
  const part = count === of ? whole(count) : `${whole(count)} of ${whole(of)}`
  const way = from === null ? `new on ${to}` : to === null ? `gone from ${from}` : `${from} -> ${to}`
  const name = clean(modules)
  return [of === 1 ? name : `${part} ${noun}${of === 1 ? '' : 's'} of ${name}`, way]
}

export function changeWords({ path, base, head }: ValueChange): string {
  return `${path.map((each) => clean(String(each))).join('/')}: ${valueWords(base)} -> ${valueWords(head)}`
}

export function skippedWords({ what, in: side, why }: Skipped): string {
  return why === 'assumed' ? `${clean(what)} (assumed in ${side})` : `${clean(what)}: ${why}`
}

/** A figure as people say it. */
export function figureLabel(figure: string): string {
  return labels[figure] ?? clean(figure)
}

/** The same of a single device or stage. */
export function placeLabel(figure: string): string {
  return placeLabels[figure] ?? figureLabel(figure)
}

const placeLabels: Readonly<Record<string, string>> = {
  peakBytes: 'peak memory',
  computeSeconds: 'compute',
  loadSeconds: 'load',
}

const labels: Readonly<Record<string, string>> = {
  stepSeconds: 'step time',
  'stepSecondsInterval.low': 'step time, 90 % low',
  'stepSecondsInterval.high': 'step time, 90 % high',
  lowerBoundSeconds: 'lower bound',
  maxLoadSeconds: 'largest load',
  maxLoadLowerBoundSeconds: 'largest load, lower bound',
  peakBytes: 'peak memory, worst',
  headroom: 'headroom, least',
  memoryLimitBytes: 'memory limit',
  mfu: 'MFU',
  'breakdown.compute': 'compute',
  'breakdown.exposedCommunication': 'exposed communication',
  'breakdown.bubble': 'bubble',
  'breakdown.optimizer': 'optimizer',
  'breakdown.other': 'other time',
  unmodelledFlopsFraction: 'not modelled',
  computeSeconds: 'busiest device',
  loadSeconds: 'largest load by device',
  'price.perStep': 'price of a step',
}

export function amount(value: number, unit: Unit): string {
  if (unit === 'seconds') return formatSeconds(value)
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'fraction') return `${(100 * value).toFixed(2)} %`
  return String(Number(value.toPrecision(6)))
}

/** With its sign; of shares, in points. */
export function differenceWords({ difference, unit }: FigureChange): string {
  if (difference === 0) return '0'
  const sign = difference > 0 ? '+' : '-'
  const size =
    unit === 'fraction' ? `${(100 * Math.abs(difference)).toFixed(2)} points` : amount(Math.abs(difference), unit)
  return sign + size
}

export function percentOf({ percent }: FigureChange): string {
  if (percent === null) return 'from 0'
  if (percent === 0) return '0 %'
  const size = Math.abs(percent)
  return `${percent > 0 ? '+' : '-'}${size < 0.01 ? '<0.01' : size.toFixed(size < 0.1 ? 2 : 1)} %`
}

/** Better, worse, or nothing where neither is meant. */
export function verdictOf({ difference, better }: FigureChange): 'better' | 'worse' | '' {
  if (difference === 0 || better === 'neither') return ''
  return difference < 0 === (better === 'less') ? 'better' : 'worse'
}

/** 5 other figures are equal. */
export function equalWords(equal: number, isRest: boolean): string {
  return `${equal} ${isRest ? 'other ' : ''}figure${equal === 1 ? ' is' : 's are'} equal`
}

/** Devices as ranges: 0-3,8. */
export function devicesWords(devices: readonly number[] | undefined): string {
  if (!devices?.length) return 'none'
  const runs: [first: number, last: number][] = []
  for (const device of devices) {
    const run = runs.at(-1)
    if (run && device === run[1] + 1) run[1] = device
    else runs.push([device, device])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

/** Thousands apart: 1,204. */
export function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Names come from files of others: no control characters reach a terminal or break a line. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}

/** 124 of 281 ops moved, 2 added. */
function countWords({ moved, added, removed }: MoveCounts, of: number | undefined, noun: string): string {
  const parts = [`${whole(moved)}${of === undefined ? '' : ` of ${whole(of)}`} ${noun} moved`]
  if (added) parts.push(`${whole(added)} added`)
  if (removed) parts.push(`${whole(removed)} removed`)
  return parts.join(', ')
}

const longestValue = 60

function valueWords(value: unknown): string {
  if (value === undefined) return '(absent)'
  const text = clean(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none'))
  return text.length > longestValue ? `${text.slice(0, longestValue - 3)}...` : text
}
