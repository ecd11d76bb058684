import { Flags } from '@oclif/core'
import { fail } from '../errors/index.js'
import { coarsenings } from '../graph/index.js'

/** Flags of every command that reads a model and a cluster. */
export const bindFlag = Flags.string({
  description: 'Sizes of symbolic dimensions: batch=1,seq=128.',
  helpValue: 'NAME=SIZE,...',
  multiple: true,
  delimiter: ',',
})

export const formatInFlag = Flags.string({
  description: "The file's format, where its content does not tell: onnx, pipedream, graphlib, ...",
  helpValue: 'NAME',
})

export const profileFlag = Flags.string({
  description: 'Measured seconds of ops: a CSV (op, device kind, seconds, bytes) or a trace of torch.profiler.',
  helpValue: 'FILE',
})

export const coarsenFlag = Flags.option({
  options: coarsenings,
  description: 'Contract ops to blocks first: by module (a layer each), by colocation group, or along chains.',
})()

export const clusterFlag = Flags.string({
  char: 'c',
  description: 'Cluster: a file, a preset (h100x8) or a count of presets (16xh100x8).',
  helpValue: 'CLUSTER',
})

/** Flags of commands that predict a plan again. */
export const planModelFlag = Flags.string({
  description: "The plan's model file, when it does not stand beside the plan.",
  helpValue: 'FILE',
})

export const calibrationFlag = Flags.string({
  description: 'Calibrations of your own, which come before those shipped (training runs).',
  helpValue: 'FILE',
})

/** The value of --cluster where a command cannot do without. Throws E100. */
export function requiredCluster(cluster: string | undefined): string {
  return (
    cluster ??
    fail('E100', 'no cluster is given', {
      where: '--cluster',
      fix: 'give -c CLUSTER; stowage clusters lists the presets',
    })
  )
}

export const memoryFlags = {
  'memory-limit': Flags.custom<number>({
    description: 'Most bytes a device may hold: 40GiB, 512MB, 1e9.',
    helpValue: 'BYTES',
    parse: async (text) => parseBytes(text, '--memory-limit'),
  })(),
  reserve: Flags.custom<number>({
    description: 'Bytes per device kept free for context, libraries and fragmentation.',
    helpValue: 'BYTES',
    default: 0,
    parse: async (text) => parseBytes(text, '--reserve'),
  })(),
}

/** Work that `auto` spends on improving its best plan. */
export const effortFlag = Flags.custom<number>({
  description:
    'How hard auto tries to improve its best plan: 0 not at all, 1 some seconds for 1,000 ops, 10 ten times that.',
  helpValue: 'FACTOR',
  default: 1,
  parse: async (text) => {
    const effort = Number(text)
    return effort >= 0 && effort <= 1000
      ? effort
      : fail('E100', `${text} is no effort`, { where: '--effort', expected: 'a number from 0 to 1000', found: text })
  },
})()

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
}

/** "40GiB" -> bytes. Throws E100. */
export function parseBytes(text: string, where: string): number {
  const match = /^\s*(\d+(?:\.\d+)?(?:e\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  const unit = match && unitBytes[match[2].toUpperCase()]
  if (!match || unit === undefined || unit === null)
    fail('E100', `${text} is not a number of bytes`, { where, expected: 'such as 40GiB, 512MB or 1e9', found: text })
  return Math.floor(Number(match[1]) * unit)
}

/** ["batch=1", "seq=128"] -> sizes by name. Throws E100. */
export function parseBind(pairs: readonly string[] | undefined): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const pair of pairs ?? []) {
    const match = /^\s*([^=]+?)\s*=\s*(\d{1,15})\s*$/.exec(pair)
    if (!match)
      fail('E100', `${pair} does not bind a dimension`, {
        where: '--bind',
        expected: 'NAME=SIZE, such as batch=1,seq=128',
        found: pair,
      })
    sizes.set(match[1], Number(match[2]))
  }
  return sizes
}
