import type { CalibrationReport, ErrorSummary, GroupReport } from '../calibrate/index.js'
import type { Problem } from '../errors/index.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { formatPercent } from './units.js'

const shownProblems = 10

/** A block for each stack and device: how far its predictions were off with the shipped calibration and are with its own; then lines that were no use. */
export function calibrationText({ groups, ranOut, skipped, problems }: CalibrationReport, style: Style): string {
  const notes = [
    ...(ranOut ? [`${plural(ranOut, 'run')} ran out of memory and say nothing of time.`] : []),
    ...(skipped ? [style.warn(`${plural(skipped, 'line')} could not be used:`)] : []),
    ...problems.slice(0, shownProblems).map(problemLine),
    ...(problems.length > shownProblems ? [`  ... and ${problems.length - shownProblems} more`] : []),
  ]
  return [...groups.map((group) => block(group, style)), ...(notes.length ? [`${notes.join('\n')}\n`] : [])].join('\n')
}

function block(group: GroupReport, style: Style): string {
  const { stack, device, rows, anchors, shipped, before, after, coverage, leftOut } = group
  const figures = ({ mean, median, p90 }: ErrorSummary) => [mean, median, p90].map(formatPercent)
  const right = 'right' as const
  const columns = ['mean error', 'median', 'p90', 'inside interval'].map((title) => ({ title, align: right }))
  const lines = [
    [`before: ${shipped}`, ...figures(before), ''],
    ['after', ...figures(after), formatPercent(coverage)],
    ...(leftOut
      ? [[`each of ${leftOut.sources} sources left out`, ...figures(leftOut), formatPercent(leftOut.coverage)]]
      : []),
  ]
  const head = `${style.strong(`${stack} on ${device}`)} · ${plural(rows, 'run')}, ${anchors.length} fitted`
  return `${head}\n${table([{ title: '' }, ...columns], lines, style)}`
}

function plural(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

function problemLine({ code, message, where, expected, found }: Problem): string {
  const detail = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ')
  return `  ${where}: ${message} [${code}]${detail ? ` (${detail})` : ''}`
}
