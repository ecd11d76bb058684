import type { LoadProblem } from './loadProblem.js'

/** A partition of blocks among units (devices, or the pool) whose loads follow each move in time proportional to the block's nets. */
export interface PartitionState {
  readonly unitCount: number
  readonly classOf: Int32Array
  readonly unitOf: Int32Array
  /** Work and cut nets of each unit, in ticks; Infinity never enters: `refused` counts blocks where they may not run. */
  readonly load: Float64Array
  readonly bytes: Float64Array
  readonly refused: Int32Array
  move(block: number, to: number): void
  /** Bytes over the limits, relative, plus refused blocks: 0 when the partition is legal. */
  excess(unit: number): number
}

/** Class of each unit: all units of the first class, then those of the next. */
export function unitClasses({ classes }: LoadProblem): Int32Array {
  return Int32Array.from(classes.flatMap(({ units }, k) => new Array<number>(units).fill(k)))
}

export function partitionState(loads: LoadProblem, units: ArrayLike<number>): PartitionState {
  const { classes, work, bytes: blockBytes, netCost, netBlock, blockStart, blockNet, blockCount } = loads
  const classOf = unitClasses(loads)
  const unitCount = classOf.length
  const isPool = Uint8Array.from(classOf, (k) => (classes[k].isPool ? 1 : 0))
  const limit = Float64Array.from(classOf, (k) => classes[k].memoryLimit)
  const unitOf = Int32Array.from(units)
  const load = new Float64Array(unitCount)
  const bytes = new Float64Array(unitCount)
  const refused = new Int32Array(unitCount)
  const inUnit = new Int32Array(netCost.length * unitCount)
  const touched = new Int32Array(netCost.length)
  const carry = (block: number, unit: number, sign: 1 | -1) => {
    const ticks = work[classOf[unit]][block]
    if (ticks === Number.POSITIVE_INFINITY) refused[unit] += sign
    else load[unit] += sign * ticks
    bytes[unit] += sign * blockBytes[block]
  }
  const pay = (unit: number, cost: number) => {
    if (!isPool[unit]) load[unit] += cost
  }
  for (let b = 0; b < blockCount; b++) carry(b, unitOf[b], 1)
  for (let e = 0; e < netCost.length; e++) {
    for (let k = loads.netStart[e]; k < loads.netStart[e + 1]; k++)
      if (inUnit[e * unitCount + unitOf[netBlock[k]]]++ === 0) touched[e]++
    for (let u = 0; u < unitCount; u++) if (touched[e] > 1 && inUnit[e * unitCount + u] > 0) pay(u, netCost[e])
  }
  return {
    unitCount,
    classOf,
    unitOf,
    load,
    bytes,
    refused,
    excess: (unit) => Math.max(0, bytes[unit] / limit[unit] - 1 || 0) + refused[unit],
    move(block, to) {
      const from = unitOf[block]
      if (from === to) return
      unitOf[block] = to
      carry(block, from, -1)
      carry(block, to, 1)
      for (let i = blockStart[block]; i < blockStart[block + 1]; i++) {
        const e = blockNet[i]
        const row = e * unitCount
        const before = touched[e]
        const left = --inUnit[row + from]
        const isNew = inUnit[row + to]++ === 0
        const after = before - (left === 0 ? 1 : 0) + (isNew ? 1 : 0)
        touched[e] = after
        // Only the two units change what they pay: a net that starts or stops being cut lay, or lies, within them.
        const paidFrom = before > 1
        const paysFrom = left > 0 && after > 1
        const paidTo = !isNew && before > 1
        const paysTo = after > 1
        if (paidFrom !== paysFrom) pay(from, paysFrom ? netCost[e] : -netCost[e])
        if (paidTo !== paysTo) pay(to, paysTo ? netCost[e] : -netCost[e])
      }
    },
  }
}

/** The largest load, or Infinity when a unit holds what it may not. */
export function largestLoad(state: PartitionState): number {
  let most = 0
  for (let u = 0; u < state.unitCount; u++) {
    if (state.excess(u) > 0) return Number.POSITIVE_INFINITY
    most = Math.max(most, state.load[u])
  }
  return most
}
