import type { MoveGroup, PlanDiff } from '../plan/diff/index.js'
import {
  amount,
  causesOf,
  changeWords,
  decisionLines,
  devicesWords,
  differenceWords,
  equalWords,
  figureLabel,
  groupWords,
  headline,
  otherChanges,
  percentOf,
  placeLabel,
  skippedWords,
  verdictOf,
  whole,
} from './diffWords.js'

/** A diff for a job summary or a comment: what matters open, long lists folded. */
export function diffMarkdown(diff: PlanDiff): string {
  const { base, head, skipped } = diff
  const title = `### ${escaped(base.name === head.name ? head.name : `${base.name} -> ${head.name}`)}: ${escaped(headline(diff))}`
  const parts = [
    title,
    bullets(causesOf(diff)),
    figureTable(diff),
    bullets(diff.prediction.changes.map(changeWords)),
    placesTable(diff),
    ...decisionParts(diff),
    folded('Not compared, or assumed', skipped.length, bullets(skipped.map(skippedWords))),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** A summary on GitHub ends at 1 MiB; a list of this many lines says enough, the JSON holds the rest. */
const mostLines = 200

function figureTable({ prediction: { figures } }: PlanDiff): string {
  const changed = figures.filter(({ difference }) => difference !== 0)
  const equal = figures.length - changed.length
  if (changed.length === 0) return equal ? `Predictions: ${equalWords(equal, false)}.` : ''
  const rows = changed.map((each) => [
    figureLabel(each.figure),
    amount(each.base, each.unit),
    amount(each.head, each.unit),
    differenceWords(each),
    percentOf(each),
    verdictOf(each),
  ])
  const rest = equal ? `\n\n${equalWords(equal, true)}.` : ''
  return tableOf(['prediction', 'base', 'head', 'change', 'of base', ''], rows) + rest
}

function placesTable({ prediction: { places } }: PlanDiff): string {
  const words = (value: number | undefined, unit: (typeof places)[number]['unit']) =>
    value === undefined ? 'none' : amount(value, unit)
  const rows = places.map(({ figure, unit, place, base, head }) => [
    placeLabel(figure),
    String(place),
    words(base, unit),
    words(head, unit),
  ])
  return folded('By device or stage', rows.length, tableOf(['figure', 'place', 'base', 'head'], rows))
}

function decisionParts({ decisions }: PlanDiff): string[] {
  if (decisions.same) return ['Decisions are equal.']
  const { placement, stages, fsdp } = decisions
  const changes = otherChanges(decisions).map(changeWords)
  const units = fsdp
    ? (['changed', 'added', 'removed'] as const).flatMap((how) => fsdp[how].map((name) => `${name} ${how}`))
    : []
  const devices = (stages?.devices ?? []).map(
    ({ stage, base, head }) => `stage ${stage}: ${devicesWords(base)} -> ${devicesWords(head)}`,
  )
  return [
    bullets(decisionLines(decisions).map(([label, words]) => `${label}: ${words}`)),
    groupTable('Ops that moved', placement?.groups ?? [], 'op'),
    groupTable('Modules that moved', stages?.groups ?? [], 'module'),
    folded('Devices of stages', devices.length, bullets(devices)),
    folded('FSDP units', units.length, bullets(units)),
    changes.length > 8 ? folded('Other decisions', changes.length, bullets(changes)) : bullets(changes),
  ]
}

function groupTable(title: string, groups: readonly MoveGroup[], noun: string): string {
  const rows = groups.map((group) => groupWords(group, noun))
  return folded(title, rows.length, tableOf(['what', 'way'], rows))
}

function folded(title: string, count: number, content: string): string {
  return count === 0 ? '' : `<details><summary>${title} (${whole(count)})</summary>\n\n${content}\n\n</details>`
}

function bullets(lines: readonly string[]): string {
  return [...lines.slice(0, mostLines).map((line) => `- ${escaped(line)}`), ...rest(lines.length, '- ')].join('\n')
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`
  const rule = `|${titles.map(() => '---|').join('')}`
  const table = [line(titles), rule, ...rows.slice(0, mostLines).map(line)].join('\n')
  return [table, ...rest(rows.length, '\n\n')].join('')
}

function rest(count: number, before: string): string[] {
  return count > mostLines ? [`${before}... and ${whole(count - mostLines)} more in the JSON.`] : []
}

/** Names come from files of others: none may make a table cell, a tag, a link or a mention. */
function escaped(text: string): string {
  return text
    .replace(/[&<|`*[\]\\@#~]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/_/g, '\\_')
    .replace(/:\/\//g, '&#58;//')
}
