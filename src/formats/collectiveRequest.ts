import { z } from 'zod'
import { type Collective, collectives, type TokenDtype, tokenDtypes } from '../cost/collectives/index.js'
import { didYouMean, fail, Problems } from '../errors/index.js'
import type { RunCluster } from '../hardware/index.js'
import type { RunReferences } from './run.js'
import { readRunCluster } from './runCluster.js'
import { parseInto } from './schemaProblems.js'

/** What one line asks: a collective of all devices of a cluster, or an exchange of tokens with experts on all of them. */
export type CollectiveQuestion = MessageQuestion | ExpertQuestion

export interface MessageQuestion {
  readonly collective: Collective
  readonly bytes: number
  readonly cluster: RunCluster
}

export interface ExpertQuestion {
  readonly collective: (typeof exchanges)[number]
  readonly tokens: number
  readonly hidden: number
  readonly topK: number
  readonly experts: number
  readonly dtype: TokenDtype
  readonly mode: 'normal' | 'low-latency'
  readonly cluster: RunCluster
}

/** A parsed line `{ collective, bytes | tokens ..., cluster }` (FORMATS). Wrong fields are E105 at their pointer, all at once; an unknown device is E501. */
export function readCollectiveRequest(
  value: unknown,
  where: string,
  references: Pick<RunReferences, 'catalogue' | 'cluster'>,
): CollectiveQuestion {
  const name = (value as { collective?: unknown } | null)?.collective
  if (typeof name !== 'string' || !names.includes(name))
    fail('E105', `/collective is wrong`, {
      where: `${where}#/collective`,
      expected: `one of ${names.join(', ')}`,
      found: JSON.stringify(name) ?? 'nothing',
      ...(typeof name === 'string' && { fix: didYouMean(name.replaceAll('_', '-'), names) || undefined }),
    })
  const problems = new Problems()
  const isExchange = (exchanges as readonly string[]).includes(name)
  const document = parseInto<Shape>(isExchange ? exchangeSchema : messageSchema, value, where, problems)
  problems.throwIfAny()
  const { cluster: reference, ...asked } = document!
  if ('topK' in asked && asked.topK > asked.experts)
    fail('E204', `${asked.topK} experts a token are chosen of ${asked.experts}`, {
      where: `${where}#/topK`,
      expected: `at most ${asked.experts}`,
      found: String(asked.topK),
    })
  return { ...asked, cluster: readRunCluster(reference, `${where}#/cluster`, references, []) }
}

const exchanges = ['moe-dispatch', 'moe-combine'] as const
const names: readonly string[] = [...collectives, ...exchanges]

const count = z.int('a whole number from 1').min(1).max(1e9)
const clusterReference = z.union([z.string().min(1), z.record(z.string(), z.unknown())], {
  error: 'a cluster such as { "device": "h100", "devices": 16 }, or its name',
})

const messageSchema = z.object({
  collective: z.enum(collectives),
  bytes: z.number('bytes: the size per rank of the larger buffer').min(0).max(1e18),
  cluster: clusterReference,
})

const exchangeSchema = z.object({
  collective: z.enum(exchanges),
  tokens: count.describe('Of one rank'),
  hidden: count,
  topK: count,
  experts: count,
  dtype: z.enum(Object.keys(tokenDtypes) as [TokenDtype, ...TokenDtype[]]).default('bf16'),
  mode: z.enum(['normal', 'low-latency']).default('normal'),
  cluster: clusterReference,
})

type Shape = typeof messageSchema | typeof exchangeSchema
