/** Builds ONNX files byte by byte: an encoder of just the protobuf that the tests need, independent of the reader. */

export function bytes(...parts: (number | readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])))
}

export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    out.push(rest > 0n ? low | 0x80 : low)
  } while (rest > 0n)
  return out
}

export const key = (field: number, type: number): number[] => varint(field * 8 + type)
export const int = (field: number, value: number | bigint): number[] => [...key(field, 0), ...varint(value)]

export function block(field: number, content: ArrayLike<number>): number[] {
  const out = [...key(field, 2), ...varint(content.length)]
  for (let i = 0; i < content.length; i++) out.push(content[i]!)
  return out
}

export const text = (field: number, value: string): number[] =>
  value === '' ? [] : block(field, new TextEncoder().encode(value))

export function float(field: number, value: number): number[] {
  return [...key(field, 5), ...new Uint8Array(Float32Array.of(value).buffer)]
}

export interface Proto {
  readonly proto: number[]
  readonly kind: 'graph' | 'tensor' | 'float' | 'reference'
}

export type AttributeValue = number | string | readonly number[] | Proto

/** An attribute of type float, which a plain number is not. */
export const real = (value: number): Proto => ({ kind: 'float', proto: float(2, value) })
export const reference = (name: string): Proto => ({ kind: 'reference', proto: text(21, name) })

export function attribute(name: string, value: AttributeValue): number[] {
  const named = text(1, name)
  if (typeof value === 'number') return [...named, ...int(3, value), ...int(20, 2)]
  if (typeof value === 'string') return [...named, ...text(4, value), ...int(20, 3)]
  if ('kind' in value) {
    if (value.kind === 'graph') return [...named, ...block(6, value.proto), ...int(20, 5)]
    if (value.kind === 'tensor') return [...named, ...block(5, value.proto), ...int(20, 4)]
    return [...named, ...value.proto]
  }
  return [...named, ...value.flatMap((v) => int(8, v)), ...int(20, 7)]
}

export interface NodeExtra {
  readonly name?: string
  readonly domain?: string
  readonly metadata?: Readonly<Record<string, string>>
}

export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  extra: NodeExtra = {},
): number[] {
  return [
    ...inputs.flatMap((name) => block(1, new TextEncoder().encode(name))),
    ...outputs.flatMap((name) => block(2, new TextEncoder().encode(name))),
    ...text(3, extra.name ?? ''),
    ...text(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) => block(5, attribute(name, value))),
    ...text(7, extra.domain ?? ''),
    ...Object.entries(extra.metadata ?? {}).flatMap(([k, v]) => block(9, [...text(1, k), ...text(2, v)])),
  ]
}

export type Dim = number | string | null

export function value(name: string, dims: readonly Dim[] | undefined, type = 1): number[] {
  const dim = (d: Dim): number[] => (d === null ? [] : typeof d === 'number' ? int(1, d) : text(2, d))
  const shape =
    dims === undefined
      ? []
      : block(
          2,
          dims.flatMap((d) => block(1, dim(d))),
        )
  return [...text(1, name), ...block(2, block(1, [...int(1, type), ...shape]))]
}

/** A tensor whose data is elsewhere: a weight as the reader sees it. */
export function weight(name: string, dims: readonly number[], type = 1): number[] {
  return [...dims.flatMap((d) => int(1, d)), ...int(2, type), ...text(8, name), ...int(14, 1)]
}

/** An int64 constant with its numbers in raw_data. */
export function ints(name: string, numbers: readonly number[], dims: readonly number[] = [numbers.length]): number[] {
  const raw = new Uint8Array(BigInt64Array.from(numbers.map(BigInt)).buffer)
  return [...dims.flatMap((d) => int(1, d)), ...int(2, 7), ...text(8, name), ...block(9, raw)]
}

export const tensor = (proto: number[]): Proto => ({ kind: 'tensor', proto })

export interface GraphParts {
  readonly nodes: readonly number[][]
  readonly inputs?: readonly number[][]
  readonly outputs?: readonly number[][]
  readonly initializers?: readonly number[][]
  readonly valueInfo?: readonly number[][]
}

export function graph(parts: GraphParts): Proto {
  const list = (field: number, items: readonly number[][] = []): number[] => items.flatMap((item) => block(field, item))
  const proto = [
    ...list(1, parts.nodes),
    ...text(2, 'g'),
    ...list(5, parts.initializers),
    ...list(11, parts.inputs),
    ...list(12, parts.outputs),
    ...list(13, parts.valueInfo),
  ]
  return { kind: 'graph', proto }
}

export interface FunctionParts {
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly number[][]
  readonly opset?: number
}

export function functionBody(parts: FunctionParts): number[] {
  return [
    ...text(1, parts.name),
    ...parts.inputs.flatMap((name) => text(4, name)),
    ...parts.outputs.flatMap((name) => text(5, name)),
    ...parts.nodes.flatMap((n) => block(7, n)),
    ...block(9, int(2, parts.opset ?? 18)),
    ...text(10, parts.domain),
  ]
}

export function model(parts: GraphParts, opset = 18, functions: readonly number[][] = []): Uint8Array {
  return bytes(
    int(1, 8),
    block(7, graph(parts).proto),
    block(8, int(2, opset)),
    functions.flatMap((f) => block(25, f)),
  )
}
