import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sampleRun } from '../helpers/runs.js'
import { run } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'stowage-run-plans-'))
afterAll(() => rmSync(folder, { recursive: true }))

const stowage = (...args: string[]) => run('stowage', args)

const write = (name: string, value: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(value))
  return path
}

test('the plan of a run says its stages, and simulates to what it expects', () => {
  const file = write('run.json', { kind: 'stowage.run', ...sampleRun({ cluster: '2xh100x8' }), model: 'llama3-8b' })
  const planPath = join(folder, 'plan.json')
  const planned = stowage('plan', file, '-o', planPath)
  expect(planned).toMatchObject({ status: 0, stdout: expect.stringContaining('pp 4 x dp_replicate 2 x tp 2 · 1f1b') })
  expect(planned.stdout).toContain('model.embed_tokens, model.layers.0-7')
  const plan = JSON.parse(readFileSync(planPath, 'utf8'))
  const { status, stdout } = stowage('simulate', planPath, '--unfold', '--json')
  expect(status).toBe(0)
  const { stepSeconds, unfolded } = JSON.parse(stdout)
  expect(stepSeconds).toBe(plan.prediction.stepSeconds)
  expect(unfolded.stepSeconds).toBe(stepSeconds)
})

test('a plan whose decisions were edited, or whose model changed, is stale', () => {
  const model = { name: 'tiny', layers: 8, hidden: 512, heads: 8, ffn: 2048, vocab: 1000, seq: 512 }
  write('tiny.json', model)
  const file = write('tiny-run.json', { kind: 'stowage.run', ...sampleRun(), model: join(folder, 'tiny.json') })
  const planPath = join(folder, 'tiny-plan.json')
  expect(stowage('plan', file, '-o', planPath)).toMatchObject({ status: 0 })
  expect(stowage('simulate', planPath)).toMatchObject({ status: 0 })
  const plan = JSON.parse(readFileSync(planPath, 'utf8'))
  plan.decisions.schedule.microbatch = 2
  const edited = write('edited.json', plan)
  expect(stowage('simulate', edited)).toMatchObject({ status: 4, stderr: expect.stringContaining('E401') })
  write('tiny.json', { ...model, ffn: 4096 })
  const stale = stowage('simulate', planPath)
  expect(stale).toMatchObject({ status: 4, stderr: expect.stringContaining('the model is not the one') })
})

test('a plan whose model file is not here says where to put it', () => {
  const elsewhere = join(folder, 'gone.json')
  writeFileSync(
    elsewhere,
    JSON.stringify({ name: 'gone', layers: 8, hidden: 512, heads: 8, ffn: 2048, vocab: 1000, seq: 512 }),
  )
  const file = write('gone-run.json', { kind: 'stowage.run', ...sampleRun(), model: elsewhere })
  const planPath = join(folder, 'gone-plan.json')
  stowage('plan', file, '-o', planPath)
  rmSync(elsewhere)
  const { status, stderr } = stowage('simulate', planPath)
  expect(status).toBe(2)
  expect(stderr).toContain('put gone.json beside the plan')
})

test.each(['-o', '--trace'])('%s does not write over the input', (flag) => {
  const file = write('kept.json', { kind: 'stowage.run', ...sampleRun() })
  const before = readFileSync(file)
  const { status, stderr } = stowage('simulate', file, flag, file)
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('kept.json is an input') })
  expect(readFileSync(file)).toEqual(before)
})

test('ranks that are played are as slow as they are stated to be', () => {
  const stragglers = { speeds: { 3: 0.5 } }
  const file = write('slow.json', { kind: 'stowage.run', ...sampleRun(), stragglers })
  const { stepSeconds, unfolded } = JSON.parse(stowage('simulate', file, '--unfold', '--json').stdout)
  expect(unfolded.stepSeconds).toBe(stepSeconds)
})
