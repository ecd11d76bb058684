import type { Problem } from '../errors/index.js'
import { gateText } from './gateText.js'
import type { GateView, PlanView } from './gateView.js'
import { isBroken, verdictSentence } from './gateWords.js'
import { plainStyle } from './style.js'

/** The report for the log, then workflow commands that GitHub shows at the change. Needs no token. */
export function gateGithub(report: GateView, file: string): string {
  return gateText(report, plainStyle) + annotations(report.plans.flatMap((plan) => remarks(plan, file)))
}

/** The same for what is wrong with the input itself. */
export function problemsGithub(problems: readonly Problem[], file: string): string {
  return annotations(
    problems.map((problem) => ({ level: 'error', title: `stowage ${problem.code}`, file, text: problemText(problem) })),
  )
}

/** GitHub shows ten of a kind in a step; the tenth says how many are left. */
const mostAnnotations = 9

interface Remark {
  readonly level: 'error' | 'warning'
  readonly title: string
  readonly file: string
  readonly text: string
}

function annotations(remarks: readonly Remark[]): string {
  const worstFirst = [...remarks].sort((a, b) => Number(a.level !== 'error') - Number(b.level !== 'error'))
  const shown = worstFirst
    .slice(0, mostAnnotations)
    .map(
      ({ level, title, file, text }) => `::${level} file=${property(file)},title=${property(title)}::${data(text)}\n`,
    )
  const rest = worstFirst.length - shown.length
  return [...shown, ...(rest > 0 ? [`::notice title=stowage gate::${rest} more in the summary\n`] : [])].join('')
}

function remarks({ name, verdicts, problems }: PlanView, file: string): Remark[] {
  const title = `stowage gate: ${name}`
  return [
    ...problems.map((problem): Remark => ({ level: 'error', title, file, text: problemText(problem) })),
    ...verdicts.filter(isBroken).map(
      (verdict): Remark => ({
        level: verdict.level === 'error' ? 'error' : 'warning',
        title,
        file,
        text: verdictSentence(verdict),
      }),
    ),
  ]
}

function problemText({ message, where, expected, found, fix }: Problem): string {
  const rest = [where, expected && `expected ${expected}`, found && `found ${found}`, fix].filter(Boolean)
  return [message, ...rest].join('\n')
}

/** As GitHub's toolkit escapes the value of a workflow command, source: actions/toolkit, packages/core/src/command.ts. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
