import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type FsdpMemoryRequest,
  type FsdpPolicy,
  fsdpMemory,
  type MemoryPhase,
} from '../../src/cost/fsdpMemory/index.js'
import { completeModel } from '../../src/model/index.js'

const file = new URL('../../../shared/data/fsdp/memory.json', import.meta.url)
const isHere = existsSync(file)
if (!isHere)
  console.warn("skipped: the shared data folder is absent, so PyTorch's tracker is compared on our own rows only")

interface Config {
  readonly model: string
  readonly world: number
  readonly replicate: number
  readonly batch: number
  readonly seq: number
  readonly ac: 'none' | 'full'
  readonly raf: boolean
  readonly param_dtype: FsdpPolicy['parameterDtype']
  readonly reduce_dtype: FsdpPolicy['reduceDtype']
  readonly orig_dtype: FsdpPolicy['originalDtype']
  readonly opt: string
  readonly wrap: string
  readonly grad_accum: number
  readonly sync_accum: boolean
  readonly prefetch: FsdpPolicy['prefetch']
  readonly rank: number
  readonly clip_grad: boolean
  readonly loss: string
}

interface Row {
  readonly id: string
  readonly config: Config
  readonly steady: Readonly<Record<string, Readonly<Record<string, number>>>> & { readonly peak_phase: string }
}

const models: Readonly<
  Record<string, readonly [layers: number, hidden: number, heads: number, kvHeads: number, ffn: number, vocab: number]>
> = {
  'gpt-125m': [12, 768, 12, 12, 3072, 50304],
  'gpt-1.3b': [24, 2048, 16, 16, 8192, 50304],
  'llama3-8b': [32, 4096, 32, 8, 14336, 128256],
  'llama3-8b-l8': [8, 4096, 32, 8, 14336, 128256],
  'llama3-70b-l4': [4, 8192, 64, 8, 28672, 128256],
}

const trackerNames: Readonly<Record<MemoryPhase, string>> = {
  start: 'start',
  afterForward: 'after_forward',
  peakForward: 'peak_forward',
  afterLoss: 'after_loss',
  peakBackward: 'peak_backward',
  afterBackward: 'after_backward',
  peakOptimizer: 'peak_optimizer',
  afterStep: 'after_step',
}

function requestOf({ model, batch, seq, world, replicate, rank, ac, ...c }: Config): FsdpMemoryRequest {
  const [layers, hidden, heads, kvHeads, ffn, vocab] = models[model]!
  const gatedMlp = model.startsWith('llama')
  const plain = { norm: 'rmsnorm', biases: 'none', positions: 'none', expandKv: true, tiedEmbeddings: false } as const
  return {
    model: completeModel({ name: model, seq, layers, hidden, heads, kvHeads, ffn, vocab, gatedMlp, ...plain }).model,
    batch,
    seq,
    shardRanks: world / replicate,
    replicas: replicate,
    rank,
    recompute: ac,
    policy: {
      units: c.wrap.replace('emb+', 'embed+') as FsdpPolicy['units'],
      reshardAfterForward: c.raf,
      originalDtype: c.orig_dtype,
      parameterDtype: c.param_dtype,
      reduceDtype: c.reduce_dtype,
      prefetch: c.prefetch,
      optimizer: c.opt.replace('_', '-').replace('forloop', 'for-loop') as FsdpPolicy['optimizer'],
      clipGradients: c.clip_grad,
      accumulation: c.grad_accum,
      syncEveryMicrobatch: c.sync_accum,
      loss: c.loss.replace('_', '-') as FsdpPolicy['loss'],
    },
  }
}

describe.skipIf(!isHere)("PyTorch 2.13's FSDPMemTracker", () => {
  const rows: readonly Row[] = isHere ? JSON.parse(readFileSync(file, 'utf8')).rows : []

  test.each(rows)('$id: $config.model on $config.world ranks, to the byte', ({ config, steady }) => {
    const answer = fsdpMemory(requestOf(config))
    for (const [phase, name] of Object.entries(trackerNames))
      expect(answer.phases[phase as MemoryPhase], phase).toBe(steady[name]!.Total)
    expect(answer.persistent).toEqual({
      parameters: steady.start!['Sharded Param'],
      gradients: steady.after_backward!['Sharded Grad'],
      optimizer: steady.after_step!.OptState ?? 0,
    })
    expect(answer.largest.phase.toLowerCase()).toBe(steady.peak_phase.replaceAll('_', ''))
    expect(answer.exact).toBe(true)
  })
})
