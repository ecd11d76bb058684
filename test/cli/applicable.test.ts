import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from './run.js'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'stowage-flags-'))
const map = join(scratch, 'map.json')
const ops = JSON.parse(readFileSync(fixture('diamond.json'), 'utf8')).ops as { name: string }[]
writeFileSync(map, JSON.stringify(Object.fromEntries(ops.map(({ name }) => [name, 0]))))
const placed = [fixture('diamond.json'), '--placement', map, '-c', 'h100x2']
const training = fixture('llama3-8b-run.json')

describe('a flag that means nothing for the input is refused', () => {
  const cases: readonly (readonly string[])[] = [
    ['simulate', training, '--memory-limit', '1GB'],
    ['simulate', training, '-c', 'h100x8'],
    ['simulate', training, '--placement', map],
    ['simulate', training, '--model', 'llama3-8b'],
    ['simulate', training, '--bind', 'batch=1'],
    ['simulate', training, '--reserve', '1GB'],
    ['simulate', fixture('runs.jsonl'), '-c', 'h100x8'],
    ['simulate', fixture('runs.jsonl'), '--trace', join(scratch, 'none.json')],
    ['simulate', ...placed, '--calibration', training],
    ['simulate', ...placed, '--model', fixture('diamond.json')],
    ['plan', 'llama3-8b', '-c', 'h100x8', '--batch', '8', '--placer', 'etf'],
    ['plan', fixture('diamond.json'), '-c', 'h100x2', '--pin', 'tp=2'],
    ['plan', fixture('diamond.json'), '-c', 'h100x2', '--strategy', 'placement', '--batch', '8'],
    ['plan', training, '--batch', '8'],
    ['inspect', 'h100x8', '--export', 'stowage.graph'],
    ['inspect', fixture('two-hosts.json'), '--bind', 'batch=1'],
  ]
  test.each(cases)('%s %s %s %s', (...args) => {
    const { status, stderr, stdout } = run('stowage', args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/error\[E100\]: --[a-z-]+ means nothing for (a|the) /)
    expect(stderr).toContain('fix')
  })
})

test('a key of a run that nobody knows is warned of on stderr, and in the answer', () => {
  const file = join(scratch, 'slip.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(training, 'utf8')), tp: 2 }))
  const { status, stdout, stderr } = run('stowage', ['simulate', file, '--json'])
  expect(status).toBe(0)
  expect(stderr).toMatch(/^warning: .*slip\.json#\/tp is ignored: tp belongs into parallelism\n$/)
  expect(JSON.parse(stdout).warnings).toHaveLength(1)
})

describe('--trace', () => {
  const trace = (args: readonly string[]) => {
    const file = join(scratch, 'trace.json')
    const { status, stderr } = run('stowage', ['simulate', ...args, '--json', '--trace', file])
    expect(status, stderr).toBe(0)
    expect(stderr).toContain('perfetto')
    return JSON.parse(readFileSync(file, 'utf8')).traceEvents as { name: string; ph: string; args: { name: string } }[]
  }

  test('draws a run and a placement', () => {
    const ofRun = trace([training])
    expect(ofRun[0]).toMatchObject({ name: 'process_name', args: { name: 'pipeline rank 0' } })
    expect(ofRun.filter(({ name }) => name.startsWith('backward s0 m'))).toHaveLength(2)
    const ofOps = trace(placed).filter(({ ph }) => ph === 'X')
    expect(ofOps.map(({ name }) => name)).toEqual(expect.arrayContaining([ops[0].name]))
  })
})
