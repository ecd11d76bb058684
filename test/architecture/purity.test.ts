import { describe, expect, test } from 'vitest'
import { importsOf, sourceFiles, withoutComments } from './sources.js'

/** The determinism guarantee: outside cli and commands nothing can see the machine, the clock or chance. */
const impureModules =
  /^(node:)?(fs|fs\/promises|os|process|child_process|worker_threads|net|http|https|perf_hooks|timers|tty)$/
const impureGlobals = [
  /\bprocess\s*[.[]/,
  /\bconsole\s*[.[]/,
  /\bnew Date\b|\bDate\s*[.(]/,
  /\bMath\s*\.\s*random\b/,
  /\bperformance\s*\./,
  /\bset(Timeout|Interval|Immediate)\s*\(/,
  /\bfetch\s*\(/,
  /\bcrypto\s*\.\s*(getRandomValues|randomUUID|subtle)/,
  /\b(localeCompare|toLocaleString|Intl)\b/,
]

function impurities(path: string, text: string): string[] {
  const code = withoutStrings(withoutComments(text))
  const modules = importsOf(withoutComments(text), path).filter((name) => impureModules.test(name))
  const globals = impureGlobals.flatMap((pattern) => pattern.exec(code)?.[0] ?? [])
  return [...modules, ...globals].map((what) => `${path}: ${what}`)
}

/** Words in messages are no code; what a template holds inside ${} is. */
function withoutStrings(code: string): string {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
}

describe('purity', () => {
  test('process, fs, clock, chance and locale appear only in cli and commands', () => {
    const pure = sourceFiles('src').filter(({ path }) => !path.startsWith('src/cli/'))
    expect(pure.flatMap(({ path, text }) => impurities(path, text))).toEqual([])
  })

  test('the rule sees what it forbids, and not words of comments and messages', () => {
    const forbidden = [
      "import { readFileSync } from 'node:fs'",
      "const fs = await import('fs/promises')",
      'const home = process.env.HOME',
      'console.log(1)',
      'const now = Date.now()',
      'const now = new Date()',
      'const x = Math.random()',
      'performance.now()',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: code under test
      'const text = `${Date.now()}`',
      'names.sort((a, b) => a.localeCompare(b))',
    ]
    for (const text of forbidden) expect(impurities('src/graph/x.ts', text), text).toHaveLength(1)
    const allowed =
      "// Date.now() would differ\n/* process.env */ const text = 'console.log(1) is not for us' // new Date"
    expect(impurities('src/graph/x.ts', allowed)).toEqual([])
  })
})
