import type { EdgeDescription, OpDescription, OutputDescription } from '../description.js'

/** A tensor and the op that makes it. */
export interface Made {
  readonly op: string
  readonly output: OutputDescription
  /** Ops that read it before it moves on: what an op sums up for its own parameters while it passes the gradient. */
  readonly after?: readonly string[]
}

export interface NewOp extends OpDescription {
  readonly reads?: readonly Made[]
  /** Ops to wait for without reading anything of them. */
  readonly waits?: readonly string[]
  /** Bytes of weights that the op reads or writes beside the tensors. */
  readonly weightBytes?: number
}

/** Collects the ops that training adds; names are made unique against each other and the forward graph. */
export interface Writer {
  readonly ops: OpDescription[]
  readonly edges: EdgeDescription[]
  opName(wanted: string): string
  tensorName(wanted: string): string
  groupName(wanted: string): string
  /** Adds the op with its edges, under its own name, which came from `opName`. Bytes accessed: everything read and made, once. */
  add(op: NewOp): void
  connect(to: string, reads: readonly Made[], waits?: readonly string[]): void
}

export function writer(forward: readonly OpDescription[]): Writer {
  const ops: OpDescription[] = []
  const edges: EdgeDescription[] = []
  const connect = (to: string, reads: readonly Made[], waits: readonly string[] = []) => {
    for (const { op, output } of reads) edges.push({ from: op, to, output: output.name, bytes: output.bytes })
    for (const from of new Set(waits)) edges.push({ from, to })
  }
  return {
    ops,
    edges,
    opName: uniqueNames(forward.map((op) => op.name)),
    tensorName: uniqueNames(forward.flatMap((op) => op.outputs?.map((output) => output.name) ?? [])),
    groupName: uniqueNames(forward.flatMap((op) => op.colocationGroup ?? [])),
    connect,
    add({ reads = [], waits = [], weightBytes = 0, ...op }) {
      const distinct = [...new Map(reads.map((made) => [made.output.name, made])).values()]
      const bytesAccessed = weightBytes + sumBytes(distinct.map((made) => made.output)) + sumBytes(op.outputs ?? [])
      ops.push(withoutUndefined({ bytesAccessed, ...op }))
      connect(op.name, distinct, [...waits, ...distinct.flatMap((made) => made.after ?? [])])
    },
  }
}

function sumBytes(outputs: readonly OutputDescription[]): number {
  return outputs.reduce((sum, output) => sum + output.bytes, 0)
}

function uniqueNames(taken: readonly string[]): (wanted: string) => string {
  const used = new Set(taken)
  return (wanted) => {
    let name = wanted
    while (used.has(name)) name += "'"
    used.add(name)
    return name
  }
}

function withoutUndefined(op: OpDescription): OpDescription {
  return Object.fromEntries(Object.entries(op).filter(([, value]) => value !== undefined)) as unknown as OpDescription
}
