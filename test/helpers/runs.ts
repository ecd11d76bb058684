import { readFileSync } from 'node:fs'
import { runTables } from '../../src/cli/runTables.js'
import { readRun } from '../../src/formats/run.js'
import { prepareRun } from '../../src/simulate/index.js'
import { simulateRun } from '../../src/verbs/simulateRun.js'

export const tables = runTables()

/** A run of a small GPT on 16 A100s, with what a test changes. */
export function sampleRun(
  change: {
    readonly model?: object
    readonly cluster?: object | string
    readonly training?: object
    readonly parallelism?: object
    readonly stack?: string
  } = {},
) {
  return {
    id: 'sample',
    stack: change.stack ?? 'megatron-lm-2022',
    model: {
      name: 'gpt',
      layers: 16,
      hidden: 2048,
      heads: 16,
      ffn: 8192,
      vocab: 51200,
      seq: 2048,
      gatedMlp: false,
      ...change.model,
    },
    cluster:
      typeof change.cluster === 'string'
        ? change.cluster
        : { device: 'A100-SXM4-80GB', devices: 16, devicesPerHost: 8, ...change.cluster },
    training: {
      globalBatch: 64,
      microbatch: 1,
      precision: 'fp16',
      recompute: 'selective',
      optimizer: 'adam',
      ...change.training,
    },
    parallelism: { tp: 2, pp: 4, dp: 2, sequenceParallel: true, zeroStage: 0, ...change.parallelism },
  }
}

export const predict = (value: unknown) => simulateRun(value, 'run', tables)

export function prepare(value: unknown) {
  const { run, cluster } = readRun(value, 'run', tables.references)
  return prepareRun(run, cluster, tables.stacks)
}

export const repositoryFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
