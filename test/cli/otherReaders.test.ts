import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { dnnPartitioning, kineto, pipedream, piper, torchExport } from '../formats/samples.js'
import { run } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'stowage-readers-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const save = (name: string, content: unknown) => {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content))
  return at(name)
}

describe('other formats on the command line', () => {
  test('plan and simulate take the cluster from a dnn-partitioning file', () => {
    const model = save('work.json', dnnPartitioning())
    const planned = run('stowage', ['plan', model, '--json', '-o', at('plan.json')])
    expect(planned.stderr).toMatch(/^Wrote /)
    const plan = JSON.parse(planned.stdout)
    expect(plan.provenance.inputs.cluster.name).toBe('work devices')
    expect(plan.decisions.placement).toMatchObject({ '3': 2 })
    expect(plan.decisions.placement['10']).toBe(plan.decisions.placement['20'])
    const simulated = JSON.parse(run('stowage', ['simulate', at('plan.json'), '--json']).stdout)
    expect(simulated.stepSeconds).toBe(plan.prediction.stepSeconds)
    const map = save('map.json', { '3': 2, '10': 0, '11': 1, '20': 0 })
    const { stdout } = run('stowage', ['simulate', model, '--placement', map, '--json'])
    // 1 on the CPU, 2 x 0.5 out of it, 3 for the later op, 1 to move its result, 8 backward.
    expect(JSON.parse(stdout).stepSeconds).toBeCloseTo(0.014, 12)
  })

  test('a graph is written out and read again', () => {
    const model = save('tied.json', torchExport())
    const before = JSON.parse(run('stowage', ['inspect', model, '--bind', 's0=2', '--json']).stdout)
    for (const format of ['graphlib', 'stowage.graph']) {
      const { stdout, stderr } = run('stowage', [
        'inspect',
        model,
        '--bind',
        's0=2',
        '--export',
        format,
        '-o',
        at('out.json'),
      ])
      expect(stdout).toBe('')
      expect(stderr).toContain(`${format} of 6 ops`)
      const after = JSON.parse(run('stowage', ['inspect', at('out.json'), '--json']).stdout)
      expect(after.graph).toEqual(before.graph)
      expect(after.format).toBe(format)
    }
    const printed = run('stowage', ['inspect', model, '--bind', 's0=2', '--export', 'graphlib', '-q']).stdout
    expect(JSON.parse(printed).nodes).toHaveLength(6)
    expect(readFileSync(at('out.json'), 'utf8')).toContain('"kind":"stowage.graph"')
  })

  test('a profile shows in the text and as a remark', () => {
    const model = save('tied.json', torchExport())
    const { stdout } = run('stowage', ['inspect', model, '--bind', 's0=2', '--profile', save('step.json', kineto())])
    expect(stdout).toContain('profile step.json · 2 of 6 ops measured, times of the host')
    expect(stdout).toMatch(/backward +550\.0 us, 90\.9 % of it matched/)
  })

  test('--format-in decides what content does not, and knows its names', () => {
    const edges = save('edges.txt', pipedream().replace(/forward_compute_time/g, 'forward'))
    expect(run('stowage', ['validate', edges]).stderr).toContain('E102')
    expect(run('stowage', ['validate', edges, '--format-in', 'pipedream']).stderr).toContain('edges.txt:1')
    expect(run('stowage', ['validate', edges, '--format-in', 'pipedreem']).stderr).toContain('did you mean pipedream')
  })

  test('layers with alternatives are inspected', () => {
    const { stdout } = run('stowage', ['inspect', save('bert.json', piper())])
    expect(stdout).toContain('2 with 5 ways to run them')
  })
})
