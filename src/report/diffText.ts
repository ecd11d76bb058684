import type { FigureChange, MoveGroup, PlanDiff } from '../plan/diff/index.js'
import {
  amount,
  causesOf,
  changeWords,
  clean,
  decisionLines,
  devicesWords,
  differenceWords,
  equalWords,
  figureLabel,
  groupWords,
  headline,
  otherChanges,
  percentOf,
  skippedWords,
  verdictOf,
  whole,
} from './diffWords.js'
import type { Style } from './style.js'
import { table } from './table.js'

/** A diff on one screen: verdict, cause, figures that changed, decisions that changed folded to a few lines, what was not compared. */
export function diffText(diff: PlanDiff, style: Style): string {
  const names = (['base', 'head'] as const).map(
    (side) => `${side} ${clean(diff[side].name)} ${diff[side].planHash.slice(0, 8)}`,
  )
  const blocks = [
    [
      `${style.strong(headline(diff))}    ${style.dim(names.join(' · '))}`,
      ...listed(causesOf(diff)).map((line) => `  ${line}`),
    ],
    figureLines(diff, style),
    decisionBlock(diff, style),
    diff.skipped.length
      ? [style.dim('Not compared, or assumed'), ...listed(diff.skipped.map(skippedWords)).map((line) => `  ${line}`)]
      : [],
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** Of a long list, the first lines and how many more there are. */
const mostLines = 12

function listed(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines]
  return [...lines.slice(0, mostLines - 1), `... and ${whole(lines.length - mostLines + 1)} more: --json lists all`]
}

function figureLines({ prediction: { figures, changes, places } }: PlanDiff, style: Style): string[] {
  const changed = figures.filter(({ difference }) => difference !== 0)
  const equal = figures.length - changed.length
  const lines: string[] = []
  const right = 'right' as const
  const columns = [
    { title: 'prediction' },
    ...['base', 'head', 'change', 'of base'].map((title) => ({ title, align: right })),
    { title: '' },
  ]
  if (changed.length)
    lines.push(
      table(
        columns,
        changed.map((each) => figureRow(each, style)),
        style,
      ).trimEnd(),
    )
  const peaks = places.filter(({ figure }) => figure === 'peakBytes')
  if (peaks.length) {
    const each = peaks.map(
      ({ place, base, head }) =>
        `${place}: ${base === undefined ? 'none' : amount(base, 'bytes')} -> ${head === undefined ? 'none' : amount(head, 'bytes')}`,
    )
    lines.push(style.dim('peak memory by device or stage'), ...listed(each).map((line) => `  ${line}`))
  }
  lines.push(...listed(changes.map(changeWords)))
  if (equal)
    lines.push(style.dim(changed.length ? equalWords(equal, true) : `predictions: ${equalWords(equal, false)}`))
  return lines
}

function figureRow(figure: FigureChange, style: Style): string[] {
  const verdict = verdictOf(figure)
  const mark = verdict === 'worse' ? style.bad : style.good
  return [
    figureLabel(figure.figure),
    amount(figure.base, figure.unit),
    amount(figure.head, figure.unit),
    differenceWords(figure),
    percentOf(figure),
    verdict && mark(verdict),
  ]
}

function decisionBlock({ decisions }: PlanDiff, style: Style): string[] {
  if (decisions.same) return [style.dim('decisions are equal')]
  const lines = decisionLines(decisions).flatMap(([label, words]) => [
    `${style.strong(label.padEnd(10))}  ${words}`,
    ...(label === 'placement' ? groupLines(decisions.placement!.groups, 'op') : []),
    ...(label === 'stages' ? stageLines(decisions.stages!) : []),
    ...(label === 'fsdp units' ? unitLines(decisions.fsdp!) : []),
  ])
  return [...lines, ...listed(otherChanges(decisions).map(changeWords))]
}

function groupLines(groups: readonly MoveGroup[], noun: string): string[] {
  const rows = groups
    .slice(0, groups.length > mostLines ? mostLines - 1 : mostLines)
    .map((group) => groupWords(group, noun))
  const width = Math.max(0, ...rows.map(([what]) => what.length))
  const rest = groups.slice(rows.length)
  const more = rest.reduce((sum, { count }) => sum + count, 0)
  return [
    ...rows.map(([what, way]) => `  ${what.padEnd(width)}  ${way}`),
    ...(rest.length
      ? [`  ... and ${whole(more)} ${noun}s in ${whole(rest.length)} more groups: --json lists all`]
      : []),
  ]
}

function stageLines({ groups, devices }: NonNullable<PlanDiff['decisions']['stages']>): string[] {
  const moved = devices.map(
    ({ stage, base, head }) => `  stage ${stage}: devices ${devicesWords(base)} -> ${devicesWords(head)}`,
  )
  return [...groupLines(groups, 'module'), ...listed(moved)]
}

function unitLines({ added, removed, changed }: NonNullable<PlanDiff['decisions']['fsdp']>): string[] {
  const lines = [
    ...changed.map((name) => `${name} changed`),
    ...added.map((name) => `${name} added`),
    ...removed.map((name) => `${name} removed`),
  ]
  return listed(lines.map((line) => `  ${clean(line)}`))
}
