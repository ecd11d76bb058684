import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Ended, run } from './run.js'

/** A git repository of its own, with no settings of the machine's. */
export interface Repository {
  readonly folder: string
  git(...args: string[]): string
  write(path: string, content: unknown): void
  commit(): void
  stowage(args: readonly string[], options?: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv }): Ended
}

export function repository(folder: string = mkdtempSync(join(tmpdir(), 'stowage-gate-'))): Repository {
  const git = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', env: gitEnv })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }
  return {
    folder,
    git,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content, null, 1))
    },
    commit() {
      git('add', '-A')
      git('commit', '-q', '-m', 'change')
    },
    stowage: (args, { cwd = '.', env } = {}) =>
      run('stowage', args, { cwd: join(folder, cwd), env: { ...gitEnv, ...env } }),
  }
}

/** Whoever runs the tests may have hooks, signing, or a repository in his environment. */
export const gitEnv: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT_|STOWAGE_)/.test(name))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
}

/** A repository with a commit, for the first time. */
export function newRepository(): Repository {
  const made = repository()
  made.git('init', '-q', '-b', 'main', '.')
  return made
}

/** Ten ops in a row, of a millisecond each times `factor`: on one device a step of ten times that. */
export function chain(factor = 1, parameterBytes = 1e6): object {
  const name = (i: number) => `op${i}`
  return {
    kind: 'stowage.graph',
    schemaVersion: '1.0',
    name: 'chain',
    ops: Array.from({ length: 10 }, (_, i) => ({
      name: name(i),
      type: 'MatMul',
      seconds: 1e-3 * factor,
      parameterBytes,
      outputs: [{ name: `t${i}`, bytes: 1000 }],
    })),
    edges: Array.from({ length: 9 }, (_, i) => ({ from: name(i), to: name(i + 1), output: `t${i}`, bytes: 1000 })),
  }
}

export const entry = { name: 'chain', model: 'models/chain.json', cluster: 'h100x1', out: 'plans/chain.json' }
export const budgets = { '*': { stepTime: ['error', { maxIncrease: { percent: 3, seconds: 1e-6 } }] } }
