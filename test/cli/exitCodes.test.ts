import { describe, expect, test } from 'vitest'
import { errorSchema } from '../../src/formats/error.js'
import { run } from './run.js'

const ways: [way: string, status: number, code: string | undefined][] = [
  ['ok', 0, undefined],
  ['no', 1, undefined],
  ['input', 2, 'E104'],
  ['many', 2, 'E201'],
  ['nonsense', 2, 'E100'],
  ['infeasible', 3, 'E301'],
  ['stale', 4, 'E401'],
  ['solver', 70, 'E701'],
  ['broken', 70, 'E900'],
  ['unknown', 70, 'E900'],
  ['thrown', 70, 'E900'],
  ['later', 70, 'E900'],
]

describe('exit codes', () => {
  test.each(ways)('%s ends with %i', (way, status, code) => {
    const ended = run('test', ['end', way])
    expect(ended.status).toBe(status)
    expect(ended.stdout).toBe(code ? '' : 'yes · 7\n')
    expect(ended.stderr).toMatch(code ? new RegExp(`^error\\[${code}\\]: `) : /^a remark\n$/)
    expect(ended.stderr).not.toMatch(/^\s+at /m)
    expect(ended.stderr.includes('please report this')).toBe(status === 70)
  })

  test.each(ways)('%s ends with %i under --json, too, with one document on stdout', (way, status, code) => {
    const ended = run('test', ['end', way, '--json'])
    expect(ended.status).toBe(status)
    const document = JSON.parse(ended.stdout)
    expect(ended.stderr).toBe(code ? '' : 'a remark\n')
    if (code) expect(errorSchema.parse(document).error.code).toBe(code)
    else expect(document).toEqual({ answer: 'yes · 7' })
  })

  test.each([['--format', 'json'], ['--format=json']])('%s %s is --json', (...flags) => {
    const { status, stdout } = run('test', ['end', 'stale', ...flags])
    expect([status, JSON.parse(stdout).error.code]).toEqual([4, 'E401'])
  })

  test('--json tells all problems, the first by itself', () => {
    const { error, problems } = JSON.parse(run('test', ['end', 'many', '--json']).stdout)
    expect(error).toEqual({ code: 'E201', message: 'first' })
    expect(problems).toEqual([
      { code: 'E201', message: 'first' },
      { code: 'E202', message: 'second' },
    ])
  })

  test('an interrupted program dies by the signal, which a shell calls 130', () => {
    expect(run('test', ['end', 'interrupted']).signal).toBe('SIGINT')
  })

  test('STOWAGE_DEBUG adds the stack, on stderr', () => {
    const ended = run('test', ['end', 'unknown', '--json'], { env: { STOWAGE_DEBUG: '1' } })
    expect(JSON.parse(ended.stdout).error.code).toBe('E900')
    expect(ended.stderr).toMatch(/^TypeError: .*\n\s+at .*end\.js/)
  })
})
