import type { OpDescription } from '../description.js'
import type { ForwardGraph } from './forward.js'

type Seconds = OpDescription['seconds']

/** A measured time multiplied. */
export function scaleSeconds(seconds: Seconds, factor: number): Seconds {
  if (seconds === undefined || typeof seconds === 'number') return seconds === undefined ? undefined : seconds * factor
  return Object.fromEntries(Object.entries(seconds).map(([kind, each]) => [kind, each * factor]))
}

/**
 * Seconds of what training adds to a graph in which every op is profiled (sums of gradients, the loss, the optimizer): its bytes at the
 * rate at which the profiled ops together move theirs, by device kind. Products are slower than their bytes, so this errs to the long side.
 */
export function profiledSeconds(forward: ForwardGraph): (bytes: number) => Seconds {
  const { ops } = forward.graph
  if (ops.some(({ seconds }) => seconds === undefined)) return () => undefined
  const kinds = commonKinds(ops)
  if (kinds?.length === 0) return () => undefined
  const moved = ops.reduce((sum, op, i) => sum + (op.parameterBytes ?? 0) + tensorBytes(forward, i), 0)
  const total = (kind: string) =>
    ops.reduce((sum, { seconds }) => sum + (typeof seconds === 'object' ? seconds[kind] : (seconds ?? 0)), 0)
  const perByte = (kind: string) => (moved > 0 ? total(kind) / moved : 0)
  if (!kinds) {
    const rate = perByte('')
    return (bytes) => bytes * rate
  }
  const rates = kinds.map((kind) => [kind, perByte(kind)] as const)
  return (bytes) => Object.fromEntries(rates.map(([kind, rate]) => [kind, bytes * rate]))
}

/** Undefined when every op has one time for all kinds. */
function commonKinds(ops: readonly OpDescription[]): readonly string[] | undefined {
  let common: readonly string[] | undefined
  for (const { seconds } of ops) {
    if (typeof seconds !== 'object') continue
    common = (common ?? Object.keys(seconds)).filter((kind) => Object.hasOwn(seconds, kind))
  }
  return common?.toSorted()
}

function tensorBytes({ inputs, outputs, tensors }: ForwardGraph, op: number): number {
  return [...inputs[op], ...outputs[op]].reduce((sum, t) => sum + tensors[t].bytes, 0)
}
