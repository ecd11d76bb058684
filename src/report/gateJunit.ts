import type { Problem } from '../errors/index.js'
import type { GateView, PlanView, VerdictView } from './gateView.js'
import { isBroken, verdictSentence, verdictWords } from './gateWords.js'

/** JUnit XML: a suite for each plan, a case for each limit of a budget. No times and no host: the same inputs give the same bytes. */
export function gateJunit({ plans }: GateView): string {
  const suites = plans.map(suite)
  const total = sum(suites.map(({ counts }) => counts))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="stowage gate"${attributes(total)}>\n${suites.map(({ text }) => text).join('')}</testsuites>\n`
}

interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

function suite(plan: PlanView): { readonly counts: Counts; readonly text: string } {
  const { name, verdicts, problems } = plan
  const failures = verdicts.filter((verdict) => isBroken(verdict) && verdict.level === 'error').length
  const skipped = verdicts.filter(({ status }) => status === 'skipped').length
  const counts = { tests: verdicts.length + problems.length, failures, errors: problems.length, skipped }
  const cases = [
    ...problems.map((problem) => problemCase(name, problem)),
    ...verdicts.map((verdict) => verdictCase(name, verdict)),
  ]
  return {
    counts,
    text: `  <testsuite name="${escapeXml(name)}"${attributes(counts)}>\n${cases.join('')}  </testsuite>\n`,
  }
}

function verdictCase(plan: string, verdict: VerdictView): string {
  const { what, limit } = verdictWords(verdict)
  const head = `    <testcase classname="${escapeXml(plan)}" name="${escapeXml(`${what}, ${limit}`)}"`
  if (verdict.status === 'skipped') return `${head}><skipped message="no base"/></testcase>\n`
  if (!isBroken(verdict)) return `${head}/>\n`
  const sentence = escapeXml(verdictSentence(verdict))
  return verdict.level === 'error'
    ? `${head}><failure message="${sentence}"/></testcase>\n`
    : `${head}><system-out>warning: ${sentence}</system-out></testcase>\n`
}

function problemCase(plan: string, { code, message, where, expected, found, fix }: Problem): string {
  const detail = [where, expected && `expected ${expected}`, found && `found ${found}`, fix].filter(Boolean).join('\n')
  return `    <testcase classname="${escapeXml(plan)}" name="plan"><error type="${code}" message="${escapeXml(message)}">${escapeXml(detail)}</error></testcase>\n`
}

function sum(all: readonly Counts[]): Counts {
  const of = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
  return { tests: of('tests'), failures: of('failures'), errors: of('errors'), skipped: of('skipped') }
}

function attributes({ tests, failures, errors, skipped }: Counts): string {
  return ` tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}"`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
}

/** XML 1.0 has no way to write most control characters, and none for half a surrogate pair. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"'\n]/g, (character) => entities[character])
}
