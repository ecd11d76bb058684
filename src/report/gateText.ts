import { clean } from './diffWords.js'
import { gateCauses } from './gateCauses.js'
import type { GateView, PlanView, VerdictView } from './gateView.js'
import { isBroken, isUnchanged, stepWords, verdictWords } from './gateWords.js'
import type { Style } from './style.js'

/** What failed and why, what warns, what changed and holds; the unchanged in one line. Verdicts stand before the process says its code. */
export function gateText(report: GateView, style: Style): string {
  const { plans, removed, notes, base } = report
  const told = plans.filter((plan) => !isQuiet(plan))
  const quiet = plans.filter(isQuiet)
  const rows = told.flatMap(planRows)
  const widths = columns(rows)
  const lines = [
    base
      ? `base ${base.name}${base.commit ? ` (${base.commit.slice(0, 12)})` : ''}`
      : 'no base: increases are not checked',
    ...rows.map((row) => rowText(row, widths, style)),
    ...(quiet.length ? [`${style.good('ok')}    ${quietWords(quiet)}`] : []),
    ...removed.map((name) => `gone  ${clean(name)}   only in the base`),
    ...notes.map((note) => `note  ${clean(note)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** A verdict in columns, or a remark below one. */
type Row =
  | { readonly word: 'FAIL' | 'warn' | 'ok' | 'new'; readonly cells: readonly string[] }
  | { readonly remark: string }

/** Holds all and is the same as in the base: nothing to tell. */
function isQuiet(plan: PlanView): boolean {
  return plan.status === 'ok' && isUnchanged(plan)
}

function planRows(plan: PlanView): Row[] {
  const name = clean(plan.name)
  const broken = plan.verdicts.filter(isBroken)
  const rows: Row[] = [
    ...plan.problems.flatMap((problem): Row[] => [
      {
        word: 'FAIL',
        cells: [name, plan.status === 'infeasible' ? 'no plan' : 'not compared', clean(problem.message)],
      },
      ...(['where', 'expected', 'found', 'fix'] as const).flatMap((key): Row[] =>
        problem[key] ? [{ remark: `${key.padEnd(8)}  ${problem[key].replaceAll('\n', '\n                ')}` }] : [],
      ),
      { remark: `code      ${problem.code}` },
    ]),
    ...broken.flatMap((verdict) => verdictRows(name, verdict)),
  ]
  if (plan.status === 'ok')
    rows.push({ word: plan.base === 'new' ? 'new' : 'ok', cells: [name, `${stepWords(plan)}   ${heldWords(plan)}`] })
  else if (plan.base === 'new' && plan.stepSeconds) rows.push({ remark: 'new: the base does not have this plan' })
  if (plan.base === 'infeasible in base')
    rows.push({ remark: 'in the base no plan was feasible, so increases are not checked' })
  if (plan.diff && !plan.diff.same)
    rows.push(...gateCauses(plan.diff).map((cause) => ({ remark: `because   ${cause}` })))
  return rows
}

function verdictRows(name: string, verdict: VerdictView): Row[] {
  const { what, found, limit, detail } = verdictWords(verdict)
  return [
    { word: verdict.level === 'error' ? 'FAIL' : 'warn', cells: [name, what, found, limit, detail] },
    ...(verdict.message ? [{ remark: clean(verdict.message) }] : []),
  ]
}

function heldWords({ verdicts, base }: PlanView): string {
  const count = (status: string) => verdicts.filter((each) => each.status === status).length
  const skipped = count('skipped')
  return `${plural(count('held'), 'budget')}${skipped ? `, ${skipped} skipped` : ''}${base === 'new' ? ', not in the base' : ''}`
}

function quietWords(quiet: readonly PlanView[]): string {
  const held = quiet.flatMap(({ verdicts }) => verdicts).filter(({ status }) => status === 'held').length
  return `${plural(quiet.length, 'unchanged plan')}, ${plural(held, 'budget')}`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The last cell of a row pushes nothing aside. */
function columns(rows: readonly Row[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    if ('cells' in row)
      row.cells.slice(0, -1).forEach((cell, i) => {
        widths[i] = Math.max(widths[i] ?? 0, cell.length)
      })
  return widths
}

function rowText(row: Row, widths: readonly number[], style: Style): string {
  if ('remark' in row) return style.dim(`      ${row.remark}`)
  const mark = { FAIL: style.bad, warn: style.warn, ok: style.good, new: style.good }[row.word]
  const cells = row.cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('   ')
  return `${mark(row.word)}${' '.repeat(6 - row.word.length)}${cells}`.trimEnd()
}
