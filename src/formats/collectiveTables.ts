import { z } from 'zod'
import type { CollectiveTables } from '../cost/collectives/index.js'
import { Problems } from '../errors/index.js'
import { parseInto } from './schemaProblems.js'

/** The constants of collectives in models/collectives. Every table says how its figures are known, by a source that the file lists or from which relative. */
export function readCollectiveTables(value: unknown, where: string): CollectiveTables {
  const problems = new Problems()
  const document = parseInto(collectivesSchema, value, where, problems)
  problems.throwIfAny()
  const { sources, generations, library, messages, expertExchange } = document!
  const names = generations.map(({ generation }) => generation)
  if (!names.includes('generic'))
    problems.add('E203', 'there is no generic generation', { where: `${where}#/generations` })
  for (const [pointer, origin] of origins({ library, messages, generations, expertExchange }, '')) {
    const [how, key] = origin.split(' ', 2)
    const known = how === 'assumed' ? names : Object.keys(sources)
    if (!known.includes(key))
      problems.add('E203', `${how === 'assumed' ? 'generation' : 'source'} ${key} is not listed`, {
        where: `${where}#${pointer}/origin`,
        expected: `one of ${known.join(', ')}`,
      })
  }
  problems.throwIfAny()
  return { library, messages, generations, expertExchange }
}

function origins(value: unknown, pointer: string): [pointer: string, origin: string][] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'origin' in value ? [[pointer, String(value.origin)] as [string, string]] : []
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => origins(inner, `${pointer}/${key}`))]
}

const positive = z.number().positive()
const share = z.number().positive().max(1)
const origin = z
  .string()
  .regex(/^(measured|specified|recalled|assumed) \S+$/, 'measured, specified, recalled or assumed, then a source')
const perProtocol = z.strictObject({ LL: positive, LL128: positive, Simple: positive })
const tier = z.strictObject({ rateShare: share, latencyScale: positive, origin })
const sharedRate = z.strictObject({ rateShare: share, origin })

/** The shape of models/collectives/*.json. */
const collectivesSchema = z.strictObject({
  kind: z.literal('stowage.collectives'),
  schemaVersion: z.literal('1.0'),
  sources: z.record(z.string(), z.string().min(1)),
  library: z.strictObject({
    baseSeconds: perProtocol,
    ringHopSeconds: perProtocol,
    treeHopSeconds: perProtocol,
    networkRingHopSeconds: perProtocol,
    networkTreeHopSeconds: perProtocol,
    rateShare: perProtocol,
    nvlsSeconds: positive,
    origin,
  }),
  messages: z.strictObject({
    shortBytesPerSecond: z.strictObject({ oneHost: positive, acrossHosts: positive }),
    pipelineFill: share,
    origin,
  }),
  generations: z.array(
    z.strictObject({
      generation: z.string().min(1),
      devices: z.array(z.string().min(1)).describe('Starts of canonical device names'),
      intra: tier,
      dedicatedNetwork: tier,
      sharedNetwork: tier,
      tree: sharedRate,
      nvls: sharedRate.optional(),
      mesh: z.strictObject({ links: positive, ringsByRanks: z.array(positive).min(1), origin }).optional(),
    }),
  ),
  expertExchange: z.strictObject({
    lowLatency: z.strictObject({ seconds: positive, rateShare: share, origin }),
    normalNetwork: sharedRate,
    intra: sharedRate,
  }),
})
