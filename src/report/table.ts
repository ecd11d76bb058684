import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import type { Style } from './style.js'

export interface Column {
  readonly title: string
  /** Numbers stand right. */
  readonly align?: 'left' | 'right'
}

const gap = '  '
const shortestColumn = 8

/** Rows under their titles, without rules; when they are wider than the style allows, the widest left-aligned column is cut with an ellipsis. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const titles = columns.map(({ title }) => title)
  const text = new Table({
    chars: { ...noRules, middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: fittedWidths(columns, [titles, ...rows], style.width),
  })
  text.push(titles.map(style.dim), ...rows.map((row) => [...row]))
  return `${text.toString().replace(/[ \t]+$/gm, '')}\n`
}

const noRules = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((end) => [`${side}${end}`, '']),
  ),
)

function fittedWidths(columns: readonly Column[], cells: readonly (readonly string[])[], limit: number): number[] {
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => stripVTControlCharacters(row[i] ?? '').length)))
  const excess = widths.reduce((sum, width) => sum + width, gap.length * (columns.length - 1)) - limit
  if (excess <= 0) return widths
  const left = columns.map(({ align }, i) => (align === 'right' ? 0 : widths[i]!))
  const widest = left.indexOf(Math.max(...left))
  widths[widest] = Math.min(widths[widest]!, Math.max(shortestColumn, widths[widest]! - excess))
  return widths
}
