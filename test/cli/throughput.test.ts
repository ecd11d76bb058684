import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'stowage-throughput-'))
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const node = (id: number, ms: number, size: number) => ({
  id,
  supportedOnFpga: 1,
  cpuLatency: 10 * ms,
  fpgaLatency: ms,
  isBackwardNode: 0,
  colorClass: id,
  size,
})
const workload = file(
  'workload.json',
  JSON.stringify({
    maxSizePerFPGA: 20,
    maxFPGAs: 2,
    maxCPUs: 1,
    nodes: [node(1, 3, 5), node(2, 6, 10), node(3, 3, 5)],
    edges: [
      { sourceId: 1, destId: 2, cost: 0.001 },
      { sourceId: 2, destId: 3, cost: 0.001 },
    ],
  }),
)
const profile = file(
  'profile.txt',
  `${[1, 2]
    .map(
      (n) =>
        `node${n} -- Linear() -- forward_compute_time=2.000, backward_compute_time=4.000, activation_size=1000.0, parameter_size=0.000`,
    )
    .join('\n')}\n\tnode1 -- node2\n`,
)

test('plans, is valid, and simulate says the same of it', () => {
  const plan = join(folder, 'plan.json')
  const made = run('stowage', ['plan', workload, '--objective', 'throughput', '-o', plan])
  expect([made.status, made.stdout]).toEqual([0, expect.stringMatching(/largest load {2}9\.001 ms .*\(optimal\)/)])
  expect(run('stowage', ['validate', plan]).status).toBe(0)
  const written = JSON.parse(readFileSync(plan, 'utf8'))
  expect(written.decisions.order).toBeUndefined()
  const simulated = JSON.parse(run('stowage', ['simulate', plan, '--json']).stdout)
  for (const key of ['maxLoadSeconds', 'loadSeconds', 'fits', 'stepSeconds'])
    expect(simulated[key], key).toEqual(written.prediction[key])
})

test('--no-contiguous may come back to a device', () => {
  const free = run('stowage', ['plan', workload, '--objective', 'throughput', '--no-contiguous', '--json'])
  expect(JSON.parse(free.stdout).prediction.maxLoadSeconds).toBeCloseTo(0.006002, 9)
})

test('a PipeDream profile gets replicated stages, which simulate refuses plainly', () => {
  const cluster = file(
    'cluster.json',
    JSON.stringify({
      kind: 'stowage.cluster',
      schemaVersion: '1.0',
      name: 'three',
      hosts: [
        {
          count: 1,
          devices: { kind: 'generic', count: 3, memoryBytes: 1e9 },
          interconnect: { topology: 'switch', bytesPerSecond: 1e9, latencySeconds: 0 },
        },
      ],
    }),
  )
  const plan = join(folder, 'stages.json')
  const made = run('stowage', ['plan', profile, '-c', cluster, '--objective', 'throughput', '-o', plan])
  expect([made.status, made.stdout]).toEqual([0, expect.stringMatching(/largest load {2}4\.000 ms/)])
  expect(run('stowage', ['validate', plan]).status).toBe(0)
  const straight = run('stowage', [
    'plan',
    profile,
    '-c',
    cluster,
    '--objective',
    'throughput',
    '--no-replicate',
    '--json',
  ])
  expect(JSON.parse(straight.stdout).decisions.stages).toEqual([
    { devices: [0], index: 0, modules: ['node1'] },
    { devices: [1], index: 1, modules: ['node2'] },
  ])
  const refused = run('stowage', ['simulate', plan, '--model', profile, '-c', cluster])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/E601.*replicated stages/)])
})
