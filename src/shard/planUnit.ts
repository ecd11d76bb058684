import { roundUp } from './integers.js'
import { layOut } from './layOut.js'
import type { Certificate, RaggedTensor } from './types.js'

export interface UnitTensor extends RaggedTensor {
  readonly dtype: string
  readonly dtypeBytes: number
  /** Of its last dim; 0 where it may be cut anywhere, and so lies with any other. */
  readonly width: number
}

export interface PlannedBuffer {
  readonly dtype: string
  readonly shardElements: number
  readonly paddingElements: number
  readonly bound: Certificate
  readonly tensors: readonly (UnitTensor & { readonly offset: number })[]
}

export const bufferChoices = ['one', 'by-width', 'auto'] as const
export type BufferChoice = (typeof bufferChoices)[number]

/**
 * The buffers of one unit, each gathered by a collective of its own: one for each dtype, or for each width of each dtype, or whichever of the two sends
 * fewer bytes with every further collective counted as `collectiveBytes`.
 */
export function planUnit(
  tensors: readonly UnitTensor[],
  devices: number,
  choice: BufferChoice,
): readonly PlannedBuffer[] {
  const [one, byWidth] = [(t: UnitTensor) => t.dtype, (t: UnitTensor) => `${t.dtype} ${t.width}`]
  if (choice !== 'auto') return buffersBy(choice === 'one' ? one : byWidth, tensors, devices)
  const [together, apart] = [buffersBy(one, tensors, devices), buffersBy(byWidth, tensors, devices)]
  return sentBytes(apart, devices) < sentBytes(together, devices) ? apart : together
}

/** What a 400 Gb/s interface sends in the 40 us by which a collective over hosts lasts longer than its bytes. */
const collectiveBytes = 2e6

function sentBytes(buffers: readonly PlannedBuffer[], devices: number): number {
  return buffers.reduce(
    (sum, { shardElements, tensors }) => sum + devices * shardElements * tensors[0].dtypeBytes + collectiveBytes,
    0,
  )
}

function buffersBy(
  keyOf: (tensor: UnitTensor) => string,
  tensors: readonly UnitTensor[],
  devices: number,
): readonly PlannedBuffer[] {
  const groups = new Map<string, UnitTensor[]>()
  for (const tensor of tensors) {
    const key = keyOf(tensor)
    const group = groups.get(key)
    if (group) group.push(tensor)
    else groups.set(key, [tensor])
  }
  return withLooseTensors([...groups.entries()]).map((group) => buffer(group, devices))
}

/** Tensors without a width join the largest group of their dtype, where they fill gaps. */
function withLooseTensors(groups: readonly (readonly [string, readonly UnitTensor[]])[]): readonly UnitTensor[][] {
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => [...group])
  const isLoose = (group: readonly UnitTensor[]) => group.every(({ width }) => width === 0)
  const hosts = sorted.filter((group) => !isLoose(group))
  const alone: UnitTensor[][] = []
  for (const group of sorted.filter(isLoose)) {
    const same = hosts.filter(([{ dtype }]) => dtype === group[0].dtype).sort((a, b) => volume(b) - volume(a))
    if (same.length) same[0].push(...group)
    else alone.push(group)
  }
  return [...hosts, ...alone]
}

const volume = (tensors: readonly UnitTensor[]): number => tensors.reduce((sum, { elements }) => sum + elements, 0)

/** Collectives want shards of whole 16 bytes (NCCL's aligned path). */
const alignedBytes = 16

function buffer(tensors: readonly UnitTensor[], devices: number): PlannedBuffer {
  const [{ dtype, dtypeBytes }] = tensors
  const unitElements = Math.max(1, roundUp(alignedBytes / dtypeBytes, 1))
  const { shardElements, offsets, bound } = layOut(tensors, devices, unitElements)
  return {
    dtype,
    shardElements,
    paddingElements: devices * shardElements - volume(tensors),
    bound,
    tensors: tensors.map((tensor, i) => ({ ...tensor, offset: offsets[i] })).sort((a, b) => a.offset - b.offset),
  }
}
