import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

const programs = { stowage: '../../bin/run.js', test: './bin/run.js' }

/** Runs the built command line, or the test program with its own verbs, in a process of its own. */
export function run(
  program: keyof typeof programs,
  args: readonly string[],
  options: Partial<SpawnSyncOptionsWithStringEncoding> = {},
): Ended {
  const file = fileURLToPath(new URL(programs[program], import.meta.url))
  const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, LC_ALL: 'C.UTF-8', ...options.env }
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, ...options, env })
}
