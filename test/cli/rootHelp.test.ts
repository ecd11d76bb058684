import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rootHelp } from '../../src/cli/rootHelp.js'
import { run } from './run.js'

const entry = new URL('../../bin/run.js', import.meta.url).href
const manifest = JSON.parse(readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8'))

describe('the help of the whole program', () => {
  test('lists every command with all of its description, in the width of the terminal', () => {
    for (const width of [40, 80, 200]) {
      const help = rootHelp(['--help'], entry, width)!
      expect(
        Math.max(
          ...help
            .split('\n')
            .slice(8)
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(Math.min(width + 3, 120))
      for (const [name, { description }] of Object.entries(manifest.commands) as [string, { description: string }][])
        expect(help.replace(/\s+/g, ' ')).toContain(`${name} ${description}`)
    }
    expect(run('stowage', ['--help']).stdout).toBe(rootHelp(['--help'], entry, 80))
  })

  test('leaves commands and their help to oclif', () => {
    for (const argv of [['plan'], ['plan', '--help'], ['--help', 'plan'], ['-x']])
      expect(rootHelp(argv, entry, 80)).toBeUndefined()
  })

  test('is had without loading oclif, which costs a fifth of a second', () => {
    const text = readFileSync(new URL('../../src/cli/main.ts', import.meta.url), 'utf8')
    expect(text).not.toMatch(/^import (?!type).*@oclif/m)
    expect(text).toContain("await import('@oclif/core/run')")
  })
})
