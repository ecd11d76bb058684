import { diffMarkdown } from './diffMarkdown.js'
import { clean } from './diffWords.js'
import type { GateView, PlanView } from './gateView.js'
import { isBroken, isUnchanged, stepWords, verdictWords } from './gateWords.js'

/** A job summary: the verdict, a table of what broke, the changed plans folded with their diffs, the unchanged counted. */
export function gateMarkdown(report: GateView): string {
  const { plans, removed, notes, base } = report
  const changed = plans.filter(({ diff }) => diff && !diff.same)
  const quiet = plans.filter((plan) => plan.status === 'ok' && isUnchanged(plan)).length
  const fresh = plans.filter((plan) => plan.base === 'new').map(({ name }) => name)
  const parts = [
    `## stowage gate: ${headline(report)}`,
    base
      ? `Compared with ${code(base.name)}${base.commit ? ` at ${code(base.commit.slice(0, 12))}` : ''}.`
      : 'No base: increases are not checked.',
    verdictTable(plans),
    problems(plans),
    ...changed.slice(0, mostDiffs).map(({ name, diff }) => details(`${name}: what changed`, diffMarkdown(diff!))),
    ...(changed.length > mostDiffs
      ? [`${changed.length - mostDiffs} more changed plans: \`stowage gate --json\` tells them.`]
      : []),
    ...(quiet ? [`${quiet} unchanged ${quiet === 1 ? 'plan' : 'plans'}.`] : []),
    ...(fresh.length ? [`New: ${fresh.map(code).join(', ')}.`] : []),
    ...(removed.length ? [`Only in the base: ${removed.map(code).join(', ')}.`] : []),
    ...notes.map((note) => escapeMarkdown(note)),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** A summary on GitHub ends at 1 MiB. */
const mostDiffs = 20

function headline({ status, plans }: GateView): string {
  const count = plans.filter((plan) => plan.status === status).length
  const some = `${count} of ${plans.length} ${plans.length === 1 ? 'plan' : 'plans'}`
  switch (status) {
    case 'ok':
      return `${plans.length} ${plans.length === 1 ? 'plan holds its' : 'plans hold their'} budgets`
    case 'warn':
      return `${some} warn`
    case 'fail':
      return `${some} failed`
    case 'infeasible':
      return `no feasible plan for ${some}`
    case 'incomparable':
      return `${some} cannot be compared`
  }
}

function verdictTable(plans: readonly PlanView[]): string {
  const rows = plans.flatMap((plan) => {
    const broken = plan.verdicts.filter(isBroken).map((verdict) => {
      const { what, found, limit, detail } = verdictWords(verdict)
      return [
        verdict.level === 'error' ? '❌ fail' : '⚠️ warn',
        plan.name,
        what,
        found,
        limit,
        [detail, verdict.message].filter(Boolean).join('; '),
      ]
    })
    const isTold = plan.status === 'ok' && !isUnchanged(plan)
    return isTold
      ? [...broken, ['✅ ok', plan.name, 'step time', stepWords(plan).replace('step time ', ''), '', '']]
      : broken
  })
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [line(['', 'plan', 'budget', 'found', 'limit', '']), '|---|---|---|---|---|---|', ...rows.map(line)].join('\n')
}

function problems(plans: readonly PlanView[]): string {
  return plans
    .flatMap(({ name, problems }) =>
      problems.map(
        ({ code: id, message, fix }) =>
          `- ❌ **${escapeMarkdown(name)}**: ${escapeMarkdown(message)} (${id})${fix ? `; ${escapeMarkdown(fix)}` : ''}`,
      ),
    )
    .join('\n')
}

function details(summary: string, body: string): string {
  return `<details><summary>${escapeMarkdown(summary)}</summary>\n\n${body}\n</details>`
}

/** Names come from files of others. */
function escapeMarkdown(text: string): string {
  return clean(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replace(/@/g, '&#64;')
}

function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`
}
