import type { FsdpMemoryRequest } from './request.js'
import { parameterShapes, type Shape } from './shapes.js'

/** One parameter tensor, in elements. FSDP2 cuts dim 0 in equal chunks, so late ranks hold less or nothing, yet every rank stores a full chunk. */
export interface Parameter {
  readonly elements: number
  /** Of one rank's chunk, padding included. */
  readonly padded: number
  /** Of this rank's chunk, without padding. */
  readonly own: number
}

/** Parameters that are gathered and reduced together: a few, then blocks' ones `blocks` times, then a few more. */
export interface ParameterGroup {
  readonly first: readonly Parameter[]
  readonly block: readonly Parameter[]
  readonly blocks: number
  readonly last: readonly Parameter[]
  readonly elements: number
  readonly padded: number
  readonly own: number
  readonly count: number
  /** The group's last parameter. */
  readonly final: Parameter
}

export interface ModelParameters {
  readonly embedding: ParameterGroup
  readonly block: ParameterGroup
  readonly norm: ParameterGroup
  readonly head: ParameterGroup
  readonly normAndHead: ParameterGroup
  /** All but the blocks. */
  readonly outer: ParameterGroup
  readonly total: ParameterGroup
}

export function modelParameters(request: FsdpMemoryRequest): ModelParameters {
  const shapes = parameterShapes(request.model)
  const cut = (list: readonly Shape[]) => list.map((shape) => sharded(shape, request))
  const embedding = cut(shapes.embedding)
  const block = cut(shapes.block)
  const norm = cut(shapes.norm)
  const head = cut(shapes.head)
  return {
    embedding: group(embedding),
    block: group(block),
    norm: group(norm),
    head: group(head),
    normAndHead: group([...norm, ...head]),
    outer: group([...embedding, ...norm, ...head]),
    total: group(embedding, block, request.model.layers, [...norm, ...head]),
  }
}

function sharded([rows, width]: Shape, { shardRanks, rank }: FsdpMemoryRequest): Parameter {
  const chunk = Math.ceil(rows / shardRanks)
  const position = rank % shardRanks
  const from = Math.min(rows, position * chunk)
  return { elements: rows * width, padded: chunk * width, own: (Math.min(rows, from + chunk) - from) * width }
}

function group(
  first: readonly Parameter[],
  block: readonly Parameter[] = [],
  blocks = 0,
  last: readonly Parameter[] = [],
): ParameterGroup {
  const sum = (field: keyof Parameter) => total(first, field) + blocks * total(block, field) + total(last, field)
  return {
    first,
    block,
    blocks,
    last,
    elements: sum('elements'),
    padded: sum('padded'),
    own: sum('own'),
    count: first.length + blocks * block.length + last.length,
    final: last.at(-1) ?? first.at(-1) ?? { elements: 0, padded: 0, own: 0 },
  }
}

function total(list: readonly Parameter[], field: keyof Parameter): number {
  return list.reduce((sum, parameter) => sum + parameter[field], 0)
}
