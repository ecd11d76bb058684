import { matchStack } from '../cost/training/index.js'
import { didYouMean, fail } from '../errors/index.js'
import { formatOf } from '../formats/detect.js'
import { type Precision, type Recomputation, recomputations } from '../model/index.js'
import type { Pins } from '../parallel/index.js'
import { scheduleKind } from '../schedule/pipeline/index.js'
import { type ParallelAnswer, planParallel } from '../verbs/planParallel.js'
import type { RunTables } from '../verbs/simulateRun.js'
import { requiredCluster } from './modelFlags.js'
import { shippedModel } from './models.js'
import { runTables } from './runTables.js'
import { openSource } from './source.js'

export interface ParallelFlags {
  readonly cluster?: string
  readonly batch?: number
  readonly seq?: number
  readonly pin?: readonly string[]
  readonly top: number
  readonly precision: string
  readonly stack: string
  readonly schedules?: readonly string[]
  readonly optimizer?: string
  readonly calibration?: string
  readonly 'memory-limit'?: number
}

/** Searches the configurations of a model's training on a cluster, as the flags ask. */
export async function openParallel(model: string, flags: ParallelFlags): Promise<ParallelAnswer> {
  if (!shippedModel(model)) refuseGraph(formatOf(await openSource(model)), model)
  const clusterName = requiredCluster(flags.cluster)
  const globalBatch =
    flags.batch ?? fail('E100', 'no batch is given', { where: '--batch', fix: 'give --batch SEQUENCES' })
  const tables = runTables(flags.calibration)
  const read = tables.references.model(model, model)
  const cluster = tables.references.cluster(clusterName, '--cluster')
  return planParallel(
    {
      space: {
        model: flags.seq === undefined ? read.model : { ...read.model, seq: flags.seq },
        devices: cluster.devices,
        domainDevices: cluster.domainDevices,
        globalBatch,
        precision: flags.precision as Precision,
        optimizer: flags.optimizer ?? 'adamw',
        stack: flags.stack,
        pins: parsePins(flags.pin ?? []),
        recomputations: usefulRecomputations(tables, flags.stack),
        schedules: (flags.schedules ?? ['1f1b']).map((name) => scheduleKind(name).name),
      },
      cluster,
      references: { model, cluster: clusterName },
      top: flags.top,
      ...(flags['memory-limit'] !== undefined && { memoryLimitBytes: flags['memory-limit'] }),
    },
    tables,
  )
}

/** Degrees are chosen for the dimensions of a model, which a graph of ops does not tell. */
function refuseGraph(format: string, model: string): void {
  if (format === 'stowage.model' || format === 'huggingface') return
  fail('E102', `${model} is a ${format}, not a model description`, {
    where: model,
    expected: 'a shipped model (stowage models), a config.json or a stowage.model',
    found: format,
    fix: 'leave --batch out to place its ops',
  })
}

/** Fused attention keeps no scores that selective recomputation could save. */
function usefulRecomputations({ stacks }: RunTables, stack: string): readonly Recomputation[] {
  return matchStack(stacks, stack).habits.unfusedAttention ? recomputations : ['none', 'full']
}

const counts = ['tp', 'pp', 'cp', 'dp', 'ep', 'microbatch', 'virtualStages'] as const
const keys = [...counts, 'schedule', 'recompute', 'zeroStage', 'offload'] as const

/** tp=8,recompute=full as pins. Throws E100 with what a key may be. */
export function parsePins(texts: readonly string[], flag = '--pin'): Pins {
  const pins: Record<string, unknown> = {}
  for (const text of texts) {
    const [key, value = ''] = text.split('=')
    const pin = pinKey(key, flag)
    if (pin in pins) fail('E100', `${pin} is pinned twice`, { where: flag, found: text })
    pins[pin] = pinValue(pin, value, flag)
  }
  return pins
}

function pinKey(key: string, flag: string): (typeof keys)[number] {
  const found = keys.find((each) => each.toLowerCase() === key.trim().toLowerCase())
  if (found) return found
  const near = didYouMean(key, keys)
  return fail('E100', `there is no pin ${key}`, {
    where: flag,
    expected: keys.join(', '),
    found: key,
    ...(near && { fix: near }),
  })
}

function pinValue(key: (typeof keys)[number], text: string, flag: string): unknown {
  const refuse = (expected: string) =>
    fail('E100', `${text || 'nothing'} is no ${key}`, { where: flag, expected, found: text })
  if (key === 'schedule') return scheduleKind(text).name
  if (key === 'recompute')
    return recomputations.includes(text as Recomputation) ? text : refuse(recomputations.join(', '))
  if (key === 'offload') return text === 'true' || text === 'false' ? text === 'true' : refuse('true or false')
  const number = Number(text)
  const [least, most] = key === 'zeroStage' ? [0, 3] : [1, 1e9]
  return text !== '' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : refuse(key === 'zeroStage' ? '0, 1, 2 or 3' : 'a whole number from 1 on')
}
