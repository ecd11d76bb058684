/** Who runs what when, in ticks. A copy is a tensor on a device other than its producer's; its sender is always the producer's device. */
export interface Schedule {
  readonly opDevice: Int32Array
  readonly opStart: Float64Array
  readonly opEnd: Float64Array
  readonly copyTensor: Int32Array
  readonly copyTo: Int32Array
  readonly copyStart: Float64Array
  readonly copyEnd: Float64Array
  readonly makespan: number
}

/**
 * The sequence in which activities are committed: entry k is an op when `to[k]` is -1, else the transfer of tensor `item[k]` to device `to[k]`.
 * Transfers not listed are committed just before their first consumer.
 */
export interface CommitOrder {
  readonly item: Int32Array
  readonly to: Int32Array
}

/** A commit order of ops alone. */
export function opOrder(ops: Int32Array): CommitOrder {
  return { item: ops, to: new Int32Array(ops.length).fill(-1) }
}
