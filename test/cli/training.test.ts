import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from './run.js'

const chain = {
  kind: 'stowage.graph',
  schemaVersion: '1.0',
  name: 'chain',
  ops: [1, 2, 3].map((i) => ({
    name: `l${i}`,
    type: 'MatMul',
    module: `layers.${i}`,
    seconds: 0.001,
    parameterBytes: 64,
    outputs: [{ name: `y${i}`, bytes: 1000 }],
  })),
  edges: [1, 2].map((i) => ({ from: `l${i}`, to: `l${i + 1}`, output: `y${i}` })),
}

test('a plan of a training step says so, and is simulated as one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-training-'))
  const at = (name: string) => join(folder, name)
  writeFileSync(at('chain.json'), JSON.stringify(chain))
  const how = ['--mode', 'training', '--optimizer', 'momentum', '--recompute', 'layers.1,layers.2']
  expect(run('stowage', ['plan', at('chain.json'), '-c', 'h100x2', ...how, '-o', at('plan.json')]).status).toBe(0)
  const plan = JSON.parse(readFileSync(at('plan.json'), 'utf8'))
  expect(plan.provenance.inputs.options).toMatchObject({
    mode: 'training',
    optimizer: 'momentum',
    recompute: ['layers.1', 'layers.2'],
  })
  expect(Object.keys(plan.decisions.placement)).toEqual(expect.arrayContaining(['l3.backward', 'l3.optimizer']))
  const simulated = JSON.parse(run('stowage', ['simulate', at('plan.json'), '--json']).stdout)
  expect(simulated.stepSeconds).toBe(plan.prediction.stepSeconds)
  expect(run('stowage', ['simulate', at('plan.json'), '--mode', 'inference']).stderr).toContain('E401')
})

test('flags of training without it are refused, and a graph with nothing to train is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-training-'))
  const file = join(folder, 'bare.json')
  writeFileSync(file, JSON.stringify({ ...chain, ops: chain.ops.map((op) => ({ ...op, parameterBytes: 0 })) }))
  const refused = run('stowage', ['inspect', file, '--optimizer', 'sgd'])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--mode training')])
  const { warnings } = JSON.parse(run('stowage', ['inspect', file, '--mode', 'training', '--json']).stdout)
  expect(warnings).toEqual(['--mode training: the graph has nothing to train'])
})
