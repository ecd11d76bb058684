import type { Problem } from '../errors/index.js'
import type { Style } from './style.js'

/** Problems for people, one block each: what, then where, expected, found and fix as far as they are known. */
export function errorText(problems: readonly Problem[], style: Style): string {
  return `${problems.map((problem) => block(problem, style)).join('\n')}\n`
}

const rows = ['where', 'expected', 'found', 'fix'] as const

function block(problem: Problem, style: Style): string {
  const head = `${style.bad(`error[${problem.code}]`)}: ${style.strong(problem.message)}`
  const details = rows.flatMap((row) =>
    problem[row] ? [`  ${style.dim(row.padEnd(8))}  ${indent(problem[row])}`] : [],
  )
  return [head, ...details].join('\n')
}

/** Further lines of a value stand under its first. */
function indent(value: string): string {
  return value.replaceAll('\n', `\n${' '.repeat(12)}`)
}
