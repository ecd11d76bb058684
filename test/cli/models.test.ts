import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shippedModel, shippedModelNames } from '../../src/cli/models.js'
import { run } from './run.js'

const scratch = mkdtempSync(join(tmpdir(), 'stowage-models-'))
const bind = ['--bind', 'batch=1,seq=16']

describe('a shipped model', () => {
  test('is found by its name in any case, and as models/NAME.json', () => {
    const found = shippedModel('llama3-8b')
    expect(found).toMatchObject({ file: join('models', 'llama3-8b.json') })
    expect(shippedModel('LLAMA3-8B')).toEqual(found)
    expect(shippedModel('models/llama3-8b.json')).toEqual(found)
    expect([
      shippedModel('llama3'),
      shippedModel('models/../package.json'),
      shippedModel('../models/gpt2.json'),
    ]).toEqual(Array(3).fill(undefined))
    expect(shippedModelNames()).toContain('mixtral-8x7b')
  })

  test.each(['llama3-8b', 'models/llama3-8b.json'])('%s is inspected from any folder', (name) => {
    const { status, stdout } = run('stowage', ['inspect', name, ...bind, '--json'], { cwd: scratch })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'stowage.model', graph: { parameters: 8_030_261_248 } })
  })

  test('is planned by its name', () => {
    const args = ['plan', 'gpt2', '-c', 'h100x2', '--placer', 'topo', ...bind, '--json']
    const { status, stdout } = run('stowage', args, { cwd: scratch })
    expect(status).toBe(0)
    const plan = JSON.parse(stdout) as { decisions: { placement: Record<string, number> } }
    const { placement } = plan.decisions
    expect(placement.lm_head).toBe(placement['transformer.wte'])
    expect(stdout).not.toContain(scratch)
  })

  test('stands back for a file of the same name', () => {
    const own = { kind: 'stowage.model', name: 'mine', layers: 1, hidden: 8, heads: 2, vocab: 10, gatedMlp: true }
    writeFileSync(join(scratch, 'gpt2'), JSON.stringify(own))
    const { stdout } = run('stowage', ['inspect', 'gpt2', ...bind, '--json'], { cwd: scratch })
    expect(JSON.parse(stdout)).toMatchObject({ graph: { name: 'mine' } })
  })

  test('that is misspelt brings near names', () => {
    const { status, stderr } = run('stowage', ['plan', 'lama3-8b', '-c', 'h100x2'], { cwd: scratch })
    expect(status).toBe(2)
    expect(stderr).toMatch(/E101[\s\S]*did you mean llama3-8b/)
  })
})

test('a config.json is read as it is, and named after itself', () => {
  const config = { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], n_layer: 2, n_embd: 64, n_head: 4 }
  writeFileSync(join(scratch, 'config.json'), JSON.stringify(config))
  const { stdout } = run('stowage', ['inspect', 'config.json', ...bind, '--json'], { cwd: scratch })
  expect(JSON.parse(stdout)).toMatchObject({ format: 'huggingface', graph: { name: 'config' } })
})
