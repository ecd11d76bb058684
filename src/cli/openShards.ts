import { fail } from '../errors/index.js'
import { formatOf } from '../formats/detect.js'
import { graphReaders } from '../formats/graphReaders.js'
import { readJson } from '../formats/json.js'
import { type ListedParameter, readParameterList } from '../formats/parameterList.js'
import type { Source } from '../formats/source.js'
import type { ShardPlan } from '../plan/index.js'
import type { BufferChoice } from '../shard/index.js'
import { planShards } from '../verbs/planShards.js'
import { parseBind } from './modelFlags.js'
import { openCluster } from './openCluster.js'
import { openSource } from './source.js'

export interface ShardFlags {
  readonly devices?: number
  readonly cluster?: string
  readonly granularity?: readonly string[]
  readonly buffers: string
  readonly bind?: readonly string[]
  readonly 'format-in'?: string
}

/** RaggedShard layouts of a parameter list or of a model's parameters. */
export async function openShards(input: string, flags: ShardFlags): Promise<ShardPlan> {
  const source = await openSource(input)
  const name = source.name.split(/[\\/]/).pop()!
  const request = {
    name: name.replace(/\.json$/, ''),
    parameters: parametersOf(source, name, flags),
    devices: flags.devices ?? (await devicesOf(flags.cluster)),
    granularity: flags.granularity ?? ['rows:1'],
    buffers: flags.buffers as BufferChoice,
  }
  return planShards(request, source.name)
}

async function devicesOf(cluster: string | undefined): Promise<number> {
  if (cluster !== undefined) return (await openCluster(cluster)).devices.length
  return fail('E100', 'no devices are given', { where: '--devices', fix: 'give --devices N, or -c CLUSTER' })
}

function parametersOf(source: Source, name: string, flags: ShardFlags): readonly ListedParameter[] {
  if (startsAsList(source)) return readParameterList(readJson(source), source.name)
  const format = formatOf(source, flags['format-in'])
  const read = graphReaders[format]
  if (!read)
    fail('E102', `${source.name} is a ${format}, not a list of parameters`, {
      where: source.name,
      expected: `[{ "name", "shape", "dtype" }, ...] or ${Object.keys(graphReaders).join(', ')}`,
      found: format,
    })
  const { parameters = [] } = read(source, { name, bind: parseBind(flags.bind) }).description
  return readParameterList(parameters, source.name)
}

function startsAsList(source: Source): boolean {
  return /^\uFEFF?\s*\[/.test(new TextDecoder().decode(source.read(0, Math.min(source.size, 256))))
}
