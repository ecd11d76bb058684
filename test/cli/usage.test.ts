import { describe, expect, test } from 'vitest'
import { run } from './run.js'

/** What was typed, and what the error has to say. */
const slips: readonly (readonly [args: readonly string[], said: readonly string[]])[] = [
  [['schma'], ['unknown command schma', 'did you mean schema?']],
  [['schma', '--help'], ['unknown command schma']],
  [['--frobnicate'], ['unknown flag --frobnicate', 'see stowage --help']],
  [
    ['schema', '--jsn'],
    ['unknown flag --jsn', 'stowage schema', 'did you mean --json?'],
  ],
  [
    ['schema', 'a', 'b'],
    ['unexpected argument b', 'see stowage schema --help'],
  ],
  [['validate'], ['missing argument FILE', 'see stowage validate --help']],
  [
    ['schema', '--format', 'yaml'],
    ['--format=yaml', 'text, json'],
  ],
  [['schema', '--format', 'text', '--json'], ['--format=text cannot also be provided when using --json']],
  [
    ['schema', 'stowage.grph'],
    ['no format is called stowage.grph', 'stowage.graph'],
  ],
  [['schema', '-o', 'no/such/folder/x.json'], ['cannot write no/such/folder/x.json']],
]

describe('wrong usage', () => {
  test.each(slips)('%j', (args, said) => {
    const { status, stdout, stderr } = run('stowage', args)
    expect(status).toBe(2)
    const report = args.includes('--json') ? stdout : stderr
    for (const words of said) expect(report).toContain(words)
    expect(`${stdout}${stderr}`).toBe(report)
  })
})

describe('help', () => {
  test('lists the verbs, for no arguments too', () => {
    for (const args of [[], ['--help']]) {
      const { status, stdout, stderr } = run('stowage', args)
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^ {2}schema {2}/m)
    }
  })

  test('of a verb shows its flags', () => {
    const { status, stdout } = run('stowage', ['schema', '--help'])
    expect(status).toBe(0)
    expect(stdout).toContain('--output-file=FILE')
  })

  test('--version', () => {
    expect(run('stowage', ['--version']).stdout).toMatch(/^stowage\/\d+\.\d+\.\d+ /)
  })
})
