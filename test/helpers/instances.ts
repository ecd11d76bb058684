import * as fc from 'fast-check'
import type { EdgeDescription, GraphDescription, OpDescription } from '../../src/graph/index.js'
import type { Cluster } from '../../src/hardware/index.js'
import { allTransfers, clusterOf } from './clusters.js'

export interface Instance {
  readonly graph: GraphDescription
  readonly cluster: Cluster
  /** Bytes each device may hold. */
  readonly limits: readonly number[]
}

/** Names that break careless tables: members of Object.prototype, integer-like keys, the empty string, code units out of order. */
export const hostileNames = ['__proto__', 'constructor', 'toString', '', '0', '10', '9', 'a/b~c', 'é', '￿', '😀']

const kinds = ['fast', 'slow', 'generic']
const milliseconds = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 9 }),
  fc.double({ min: 1e-6, max: 5, noNaN: true }),
)
const seconds = milliseconds.map((each) => each / 1000)
const bytes = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5000 }))
const link = fc.record({
  bytesPerSecond: fc.constantFrom(1e5, 1e6, 3e7),
  latencySeconds: fc.constantFrom(0, 1e-6, 3e-4),
})

/** Clusters of 1 to 3 hosts and 1 to 5 devices of up to three kinds, every transfer mode. */
export const clusters: fc.Arbitrary<Cluster> = fc
  .tuple(
    fc.array(
      fc.record({ kinds: fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 }), link, network: link }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    fc.constantFrom(...allTransfers),
  )
  .map(([hosts, transfers]) => clusterOf(hosts, transfers))

/** Random acyclic graphs of so many ops: unlike kinds, groups, control edges, zero seconds and bytes, several outputs; names in no order. */
export function graphs(range: { readonly min: number; readonly max: number }): fc.Arbitrary<GraphDescription> {
  const shapeOfOp = fc.record({
    seconds: fc.oneof(seconds, fc.record({ fast: seconds, slow: seconds, generic: seconds })),
    outputs: fc.array(bytes, { maxLength: 3 }),
    parameterBytes: fc.option(bytes, { nil: undefined }),
    temporaryBytes: fc.option(bytes, { nil: undefined }),
    deviceKinds: fc.option(fc.subarray(kinds, { minLength: 1 }), { nil: undefined, freq: 4 }),
    group: fc.option(fc.constantFrom('g', 'h', '__proto__'), { nil: undefined, freq: 5 }),
    inputs: fc.array(fc.record({ from: fc.nat(), output: fc.nat(), isControl: fc.boolean() }), { maxLength: 4 }),
  })
  return fc
    .tuple(fc.array(shapeOfOp, { minLength: range.min, maxLength: range.max, size: 'max' }), fc.nat(), fc.boolean())
    .map(([shapes, turn, isHostile]) => {
      const nameOf = (i: number) => {
        const k = (i * 7 + turn) % shapes.length
        return isHostile && k < hostileNames.length ? hostileNames[k] : `op${(i * 7919 + turn) % 10_007}`
      }
      const names = [...new Set(shapes.map((_, i) => nameOf(i)))]
      const ops = shapes.slice(0, names.length).map(({ outputs, group, inputs: _, ...rest }, i): OpDescription => {
        const list = outputs.map((size, k) => ({ name: k === 0 ? names[i] : `${names[i]}:${k}`, bytes: size }))
        return { name: names[i], type: 'Op', ...rest, outputs: list, colocationGroup: group }
      })
      const arrows = shapes.slice(1, names.length).flatMap(({ inputs }, k): EdgeDescription[] =>
        inputs.map(({ from, output, isControl }) => {
          const source = ops[from % (k + 1)]
          const sent = source.outputs![output % Math.max(1, source.outputs!.length)]
          const ends = { from: source.name, to: names[k + 1] }
          return (isControl && output % 2 === 0) || !sent ? ends : { ...ends, output: sent.name, bytes: sent.bytes }
        }),
      )
      return { name: 'random', ops, edges: arrows }
    })
}

/**
 * A graph, a cluster and limits: half of them ample, the others from `tightest` to 1.2 times all bytes there are, on each device.
 * Device 0 may run every op.
 */
export function instances(
  range: { readonly min: number; readonly max: number },
  tightest = 0.05,
): fc.Arbitrary<Instance> {
  const share = fc.option(fc.double({ min: tightest, max: 1.2, noNaN: true }), { nil: undefined, freq: 1 })
  return fc.tuple(graphs(range), clusters, share).map(([graph, cluster, tight]) => ({
    graph: { ...graph, ops: graph.ops.map((op) => allow(op, cluster.devices[0].kind)) },
    cluster,
    limits: cluster.devices.map(() => (tight === undefined ? 1e12 : Math.ceil(tight * allBytes(graph)))),
  }))
}

function allow(op: OpDescription, kind: string): OpDescription {
  return op.deviceKinds ? { ...op, deviceKinds: [...op.deviceKinds, kind] } : op
}

function allBytes({ ops }: GraphDescription): number {
  return ops.reduce(
    (sum, op) =>
      sum + (op.parameterBytes ?? 0) + (op.temporaryBytes ?? 0) + op.outputs!.reduce((s, each) => s + each.bytes, 0),
    0,
  )
}
