import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { gateSchema } from '../../src/formats/gate.js'
import { budgets, chain, entry, newRepository, type Repository, repository } from './gateRepository.js'

const config = { plans: [entry], budgets }
let repo: Repository

beforeAll(() => {
  repo = newRepository()
  repo.write('stowage.config.json', config)
  repo.write('models/chain.json', chain())
  repo.commit()
})

/** What the head is, and how the gate ends. */
interface Head {
  readonly model?: object
  readonly config?: unknown
  readonly base?: string
}
const heads: Record<string, { readonly head: Head; readonly exitCode: number; readonly says: RegExp }> = {
  'an increase within the limit': { head: { model: chain(1.01) }, exitCode: 0, says: /\+1\.0 %/ },
  'an increase above the limit': { head: { model: chain(1.05) }, exitCode: 1, says: /\+5\.0 %/ },
  'a config with a typing error': {
    head: { config: { ...config, budgts: {} } },
    exitCode: 2,
    says: /did you mean budgets/,
  },
  'a model that fits nowhere': { head: { model: chain(1, 9e10) }, exitCode: 3, says: /E30\d/ },
  'a base of other cost data': { head: { base: 'other.json' }, exitCode: 4, says: /cost data/ },
}
const formats = {
  text: (out: string) => expect(out).toMatch(/^(ok|FAIL) /m),
  json: (out: string) => gateSchema.parse(JSON.parse(out)),
  markdown: (out: string) => expect(out).toMatch(/^## stowage gate: /),
  github: (out: string) => expect(out).toMatch(/^(base|::error) /),
  junit: (out: string) => expect(out).toMatch(/^<\?xml .*\n<testsuites [\s\S]*<\/testsuites>\n$/),
}

describe('exit codes and formats', () => {
  beforeAll(() => {
    repo.stowage(['gate', '--write', '-q'])
    const plan = JSON.parse(readFileSync(join(repo.folder, 'plans/chain.json'), 'utf8'))
    plan.provenance.inputs.calibration.sha256 = '0'.repeat(64)
    repo.write('other.json', plan)
  })

  const table = Object.entries(heads).flatMap(([what, each]) =>
    Object.keys(formats).map((format) => [what, format as keyof typeof formats, each] as const),
  )
  test.each(table)('%s, as %s', (_, format, { head, exitCode, says }) => {
    repo.write('models/chain.json', head.model ?? chain())
    repo.write('stowage.config.json', head.config ?? config)
    const ended = repo.stowage(['gate', '--base', head.base ?? 'git:main', '--format', format])
    expect(ended.status, ended.stderr).toBe(exitCode)
    expect(ended.stdout + ended.stderr).toMatch(
      (format === 'json' || format === 'junit') && exitCode < 2 ? /"chain"/ : says,
    )
    if (exitCode !== 2) formats[format](ended.stdout)
    else if (format === 'json') expect(JSON.parse(ended.stdout).kind).toBe('stowage.error')
    else expect(ended.stdout).toMatch(format === 'github' ? /^::error file=stowage\.config\.json,/ : /^$/)
  })
})

describe('against a commit', () => {
  test('the cause is named: a model, a cluster, an option', () => {
    repo.write('models/chain.json', chain(1.05))
    repo.write('stowage.config.json', { ...config, plans: [{ ...entry, cluster: 'h100x2', memoryLimit: '40 GiB' }] })
    const { stdout, status } = repo.stowage(['gate', '--base', 'git:main'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/FAIL +chain +step time +\+5\.0 % +limit \+3 % and \+1\.000 us +10\.00 ms -> 10\.50 ms/)
    expect(stdout).toMatch(/because +model differs: chain\.json/)
    expect(stdout).toMatch(/because +cluster differs: h100x1 -> h100x2/)
    expect(stdout).toMatch(/because +option memoryLimitBytes: .* -> 42949672960/)
  })

  test('the same inputs give the same bytes, from any folder', () => {
    repo.write('models/chain.json', chain(1.05))
    repo.write('stowage.config.json', config)
    const ask = (cwd: string) => repo.stowage(['gate', '--base', 'git:main', '--json'], { cwd }).stdout
    expect(ask('models')).toBe(ask('.'))
    expect(JSON.parse(ask('models')).plans[0].stepSeconds).toEqual({ head: 0.0105, base: 0.01 })
  })

  test('plans that are new or gone are said, not failed', () => {
    repo.write('models/chain.json', chain())
    repo.write('stowage.config.json', { ...config, plans: [{ ...entry, name: 'renamed' }] })
    const { stdout, status } = repo.stowage(['gate', '--base', 'git:main'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^new +renamed .*\n?gone +chain/m)
  })

  test('a flag comes before the environment, and that before the config', () => {
    repo.write('stowage.config.json', { ...config, base: 'git:none-config' })
    const refused = (args: string[], env = {}) => repo.stowage(['gate', ...args], { env }).stderr
    expect(refused([])).toContain('no commit none-config')
    expect(refused([], { STOWAGE_BASE: 'git:none-env' })).toContain('no commit none-env')
    expect(refused(['--base', 'git:none-flag'], { STOWAGE_BASE: 'git:none-env' })).toContain('no commit none-flag')
    repo.write('stowage.config.json', config)
    const placerOf = (args: string[], env = {}) => {
      repo.stowage(['gate', '--write', '-q', ...args], { env })
      return JSON.parse(readFileSync(join(repo.folder, 'plans/chain.json'), 'utf8')).provenance.inputs.options.placer
    }
    expect(placerOf([])).toBe('etf')
    expect(placerOf([], { STOWAGE_PLACER: 'heft' })).toBe('heft')
    expect(placerOf(['--placer', 'topo'], { STOWAGE_PLACER: 'heft' })).toBe('topo')
  })

  test('a shallow clone of one commit is enough; a commit that it lacks is told with the way to get it', () => {
    const clone = repository(`${repo.folder}-clone`)
    repo.git('clone', '-q', '--depth', '1', `file://${repo.folder}`, clone.folder)
    clone.write('models/chain.json', chain(1.05))
    expect(clone.stowage(['gate', '--base', 'git:origin/main']).status).toBe(1)
    const lacking = clone.stowage(['gate', '--base', 'git:main~1'])
    expect([lacking.status, lacking.stderr]).toEqual([
      2,
      expect.stringMatching(/E109[\s\S]*git fetch[\s\S]*fetch-depth: 0/),
    ])
  })

  test('what cannot be read there is not compared', () => {
    const other = newRepository()
    const second = { ...entry, name: 'second', model: 'models/second.json', out: undefined }
    other.write('stowage.config.json', { ...config, plans: [entry, second] })
    other.write('models/chain.json', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')
    other.commit()
    other.write('models/chain.json', chain())
    other.write('models/second.json', chain())
    const { status, stdout } = other.stowage(['gate', '--base', 'git:main'])
    expect(status).toBe(4)
    expect(stdout).toMatch(/FAIL +chain +not compared +in the base, .*Git LFS pointer/)
    expect(stdout).toMatch(/FAIL +second +not compared +in the base, git:main:models\/second\.json does not exist/)
  })

  test('a commit from before the config is planned by the config of today', () => {
    const other = newRepository()
    other.write('sub/models/chain.json', chain())
    other.commit()
    other.write('sub/stowage.config.json', config)
    other.write('sub/models/chain.json', chain(1.05))
    const { status, stdout } = other.stowage(['gate', '--base', 'git:main'], { cwd: 'sub' })
    expect([status, stdout]).toEqual([1, expect.stringContaining('sub/stowage.config.json does not exist')])
  })

  test('outside of a repository it says so', () => {
    const bare = repository()
    bare.write('stowage.config.json', config)
    bare.write('models/chain.json', chain())
    expect(bare.stowage(['gate', '--base', 'git:main']).stderr).toMatch(/E109[\s\S]*no git repository/)
  })
})

describe('plan files', () => {
  test('are a base for the plan that is written there', () => {
    repo.write('stowage.config.json', config)
    repo.write('models/chain.json', chain())
    repo.stowage(['gate', '--write', '-q'])
    expect(repo.stowage(['gate', '--base', 'plans/chain.json']).stdout).toMatch(/1 unchanged plan/)
    repo.write('models/chain.json', chain(1.05))
    expect(repo.stowage(['gate', '--base', 'plans/chain.json']).status).toBe(1)
  })

  test('stand for a plan, predicted again; stale when their model changed', () => {
    repo.write('models/chain.json', chain())
    repo.write('stowage.config.json', config)
    repo.stowage(['gate', '--write', '-q'])
    repo.write('stowage.config.json', {
      plans: [{ name: 'committed', plan: 'plans/chain.json', model: 'models/chain.json' }],
      budgets: { committed: { stepTime: ['error', { max: '8 ms' }] } },
    })
    const { status, stdout } = repo.stowage(['gate'])
    expect([status, stdout]).toEqual([1, expect.stringMatching(/10\.00 ms +limit 8\.000 ms +over by 2\.000 ms/)])
    repo.write('models/chain.json', chain(1.05))
    expect(repo.stowage(['gate'])).toMatchObject({ status: 4, stdout: expect.stringContaining('E401') })
  })
})

test('a training run is gated by its model description, its degrees named as the cause', () => {
  const other = newRepository()
  const training = { globalBatch: 16, microbatch: 1 }
  const plan = { name: 'run', model: 'm/config.json', cluster: 'cluster.json', training, pin: { tp: 2, dp: 4 } }
  other.write('stowage.config.json', {
    plans: [plan],
    budgets: { '*': { stepTime: ['error', { maxIncrease: { percent: 3 } }], mfu: ['error', { min: '1%' }] } },
  })
  other.write('cluster.json', {
    hosts: [
      {
        devices: { kind: 'H100-SXM5-80GB', count: 8 },
        interconnect: { topology: 'switch', bytesPerSecond: 450e9, latencySeconds: 2e-6 },
      },
    ],
  })
  const model = {
    model_type: 'llama',
    hidden_size: 1024,
    num_hidden_layers: 8,
    num_attention_heads: 8,
    intermediate_size: 4096,
    vocab_size: 32000,
    max_position_embeddings: 2048,
  }
  other.write('m/config.json', model)
  other.commit()
  other.write('m/config.json', { ...model, num_hidden_layers: 12 })
  const { status, stdout, stderr } = other.stowage(['gate', '--base', 'git:main'])
  expect([status, stderr]).toEqual([1, ''])
  expect(stdout).toMatch(/FAIL +run +step time[\s\S]*because +model differs/)
  other.write('m/config.json', model)
  expect(other.stowage(['gate', '--base', 'git:main']).stdout).toMatch(/1 unchanged plan/)
})
