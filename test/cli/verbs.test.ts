import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from './run.js'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'stowage-verbs-'))
const map = join(scratch, 'map.json')
const ops = JSON.parse(readFileSync(fixture('diamond.json'), 'utf8')).ops as { name: string }[]
writeFileSync(map, JSON.stringify(Object.fromEntries(ops.map(({ name }) => [name, 0]))))
const planned = join(scratch, 'planned.json')
run('stowage', ['plan', fixture('diamond.json'), '-c', 'h100x2', '-q', '-o', planned])
const config = join(scratch, 'stowage.config.json')
writeFileSync(config, JSON.stringify({ plans: [{ name: 'd', model: fixture('diamond.json'), cluster: 'h100x2' }] }))

/** Every verb, with what its document must hold. */
const verbs: (readonly [verb: string, args: readonly string[], holds: object])[] = [
  ['inspect', [fixture('diamond.json')], { kind: 'stowage.inspect' }],
  ['plan', [fixture('diamond.json'), '-c', 'h100x2'], { kind: 'stowage.plan' }],
  ['simulate', [fixture('diamond.json'), '--placement', map, '-c', 'h100x2'], { kind: 'stowage.prediction' }],
  ['calibrate', [fixture('measured.jsonl'), '--draws', '1'], { kind: 'stowage.calibration-report' }],
  ['explain', [planned], { kind: 'stowage.explanation', placer: expect.any(String) }],
  ['diff', [planned, planned], { kind: 'stowage.diff', same: true }],
  ['gate', ['--config', config], { kind: 'stowage.gate' }],
  ['init', [fixture('diamond.json'), '--config', join(scratch, 'new.json'), '--force'], { kind: 'stowage.init' }],
  ['validate', [map], { format: 'placement-map', holds: `${ops.length} placed ops` }],
  ['clusters', [], { kind: 'stowage.clusters' }],
  ['models', [], { kind: 'stowage.models' }],
  ['schema', ['stowage.plan'], { $id: 'stowage.plan.schema.json' }],
]

describe('verbs', () => {
  test('are all in this table', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8'))
    expect(verbs.map(([verb]) => verb).sort()).toEqual(Object.keys(manifest.commands).sort())
  })

  // calibrate writes the calibration to its file and prints how good it is.
  const alike = verbs.filter(([verb]) => verb !== 'calibrate')
  test.each(alike)('%s %j prints one document under --json and the same with -o', (verb, args, holds) => {
    const file = join(scratch, `${verb}.json`)
    const { status, stdout, stderr } = run('stowage', [verb, ...args, '--json', '-q', '-o', file])
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject(holds)
    expect(readFileSync(file, 'utf8')).toBe(stdout)
  })

  test.each(verbs)('%s %j prints text without control characters into a pipe', (verb, args) => {
    const { status, stdout } = run('stowage', [verb, ...args])
    expect(status).toBe(0)
    expect(stdout).toMatch(/\S\n$/)
    expect(stdout).not.toContain('\u001b')
  })

  test('validate finds what plan wrote valid', () => {
    const plan = join(scratch, 'diamond.plan.json')
    run('stowage', ['plan', fixture('diamond.json'), '-c', fixture('two-hosts.json'), '-q', '-o', plan])
    const { stdout } = run('stowage', ['validate', plan])
    expect(stdout).toBe(`${plan}: valid stowage.plan, ${ops.length} placed ops\n`)
  })
})
