import { describe, expect, test } from 'vitest'
import { readAnyPlan, readPlan } from '../../src/formats/plan.js'
import { canonicalJson } from '../../src/plan/index.js'
import { planRun } from '../../src/verbs/planRun.js'
import { predict, sampleRun, tables } from '../helpers/runs.js'

const plan = (change: Parameters<typeof sampleRun>[0] = {}) => planRun(sampleRun(change), 'run', tables)

describe('the plan of a run with given degrees', () => {
  test('says who does what: mesh, stages as modules, schedule', () => {
    const { decisions } = plan()
    expect(decisions.mesh).toEqual({ axes: ['pp', 'dp_replicate', 'dp_shard', 'cp', 'tp'], shape: [4, 2, 1, 1, 2] })
    expect(decisions.schedule).toEqual({ name: '1f1b', microbatches: 32, microbatch: 1 })
    const [first, , , last] = decisions.stages!
    expect(first.devices).toEqual([0, 1, 2, 3])
    expect(first.modules).toEqual([
      'transformer.wte',
      'transformer.wpe',
      ...[0, 1, 2, 3].map((k) => `transformer.h.${k}`),
    ])
    expect(last.devices).toEqual([12, 13, 14, 15])
    expect(last.modules.slice(-3)).toEqual(['transformer.h.15', 'transformer.ln_f', 'lm_head'])
    expect(decisions.recompute).toEqual({ 'transformer.h.*': 'selective' })
    expect(decisions.tensorParallel).toMatchObject({
      'transformer.h.*.attn.c_attn': 'colwise',
      'transformer.h.*.attn.c_proj': 'rowwise',
      'transformer.h.*.ln_1': 'sequence',
    })
    expect(decisions).not.toHaveProperty('fsdp')
  })

  test('with full sharding names a unit a block and the root', () => {
    const { decisions } = plan({ parallelism: { tp: 1, pp: 1, dp: 16, fsdp: true } })
    expect(decisions.mesh?.shape).toEqual([1, 1, 16, 1, 1])
    expect(decisions.fsdp?.units).toHaveLength(17)
    expect(decisions.fsdp?.units.at(-1)).toEqual({ modules: [''], reshardAfterForward: false, shardAxis: 'dp_shard' })
    expect(decisions).not.toHaveProperty('tensorParallel')
  })

  test('every stage of a schedule with several is where its rank is', () => {
    const { decisions } = plan({ parallelism: { schedule: 'zb-v' } })
    expect(decisions.stages?.map(({ devices }) => devices[0])).toEqual([0, 4, 8, 12, 12, 8, 4, 0])
  })

  test('expects what simulate says of the run', () => {
    const { prediction } = plan()
    const { stepSeconds, peakBytesByStage, mfu, breakdown } = predict(sampleRun())
    expect(prediction).toMatchObject({ stepSeconds, mfu, breakdown, peakBytes: peakBytesByStage })
  })

  test('is the same for the same run, whatever it is called and wherever its files lie', () => {
    const text = canonicalJson(plan())
    expect(canonicalJson(planRun({ ...sampleRun(), id: 'other', source: 'x' }, 'elsewhere/run.json', tables))).toBe(
      text,
    )
    const preset = (model: string) =>
      planRun({ ...sampleRun({ cluster: '2xh100x8' }), model, measured: { stepSeconds: 1 } }, 'run', tables)
    expect(canonicalJson(preset('models/llama3-8b.json'))).not.toMatch(/models\/|measured/)
  })

  test('is read back as it was written, and not taken for a plan of ops', () => {
    const made = plan({ parallelism: { tp: 2, pp: 2, dp: 4, fsdp: true } })
    const read = readAnyPlan(JSON.parse(canonicalJson(made)), 'plan.json')
    expect(canonicalJson(read)).toBe(canonicalJson(made))
    expect(() => readPlan(JSON.parse(canonicalJson(made)), 'plan.json')).toThrow(
      expect.objectContaining({ code: 'E105' }),
    )
  })

  test('tells what changed by its hashes', () => {
    const [base, other] = [plan(), plan({ model: { layers: 20 } })]
    const hashes = (of: typeof base) =>
      Object.values(of.provenance.inputs).map((each) => 'sha256' in each && each.sha256)
    const [model, cluster, calibration] = hashes(base)
    expect(hashes(other)[0]).not.toBe(model)
    expect(hashes(other).slice(1, 3)).toEqual([cluster, calibration])
    expect(hashes(plan({ cluster: { interHostBytesPerSecond: 1e9 } }))[1]).not.toBe(cluster)
    expect(hashes(plan({ stack: 'megatron-lm-2021' }))[2]).not.toBe(calibration)
  })
})
