import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from './run.js'

const scratch = mkdtempSync(join(tmpdir(), 'stowage-answer-'))

describe('answers', () => {
  test('a document beyond a pipe buffer arrives whole', () => {
    const { status, stdout } = run('test', ['big', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout).numbers).toHaveLength(1_000_000)
  })

  test('a reader that leaves early causes no noise', () => {
    const program = fileURLToPath(new URL('./bin/run.js', import.meta.url))
    const { stdout, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${program}" big | head -n 1`], {
      encoding: 'utf8',
    })
    expect([stdout, stderr]).toEqual(['0\n', ''])
  })

  test('--output-file takes the format its extension names, stdout keeps its own', () => {
    const file = join(scratch, 'a.json')
    const { stdout, stderr } = run('test', ['end', 'ok', '-o', file])
    expect(stdout).toBe('yes · 7\n')
    expect(stderr).toMatch(/^a remark\nWrote .*a\.json \(sha256 [0-9a-f]{8}\.\.\.\)\n$/)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ answer: 'yes · 7' })
  })

  test.each([
    ['b.md', [], '# numbers\n'],
    ['b.txt', ['--format', 'markdown'], '# numbers\n'],
    ['b.txt', [], '0\n1\n'],
    ['b.xml', [], '0\n1\n'],
  ])('--output-file %s with %j', (name, flags, start) => {
    const file = join(scratch, name)
    run('test', ['big', '--quiet', '-o', file, ...flags])
    expect(readFileSync(file, 'utf8').slice(0, start.length)).toBe(start)
  })

  test('--quiet leaves the exit code, and JSON that was asked for', () => {
    expect(run('test', ['end', 'no', '-q'])).toMatchObject({ status: 1, stdout: '', stderr: '' })
    expect(JSON.parse(run('test', ['end', 'ok', '-q', '--json']).stdout)).toEqual({ answer: 'yes · 7' })
    expect(run('test', ['end', 'input', '-q']).stderr).toMatch(/^error/)
  })

  test('colour: none in a pipe, FORCE_COLOR brings it, NO_COLOR and --no-color take it away', () => {
    const colours = (env: NodeJS.ProcessEnv, ...flags: string[]) =>
      run('test', ['end', 'ok', ...flags], { env }).stdout.includes('\u001b[')
    expect(colours({})).toBe(false)
    expect(colours({ FORCE_COLOR: '1' })).toBe(true)
    expect(colours({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
    expect(colours({ FORCE_COLOR: '1' }, '--no-color')).toBe(false)
  })

  test('drawing characters give way in a terminal without Unicode', () => {
    expect(run('test', ['end', 'ok'], { env: { LC_ALL: 'C' } }).stdout).toBe('yes - 7\n')
  })
})
