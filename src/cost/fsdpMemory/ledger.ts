export const memoryKinds = [
  'parameters',
  'gradients',
  'optimizer',
  'inputs',
  'unshardedParameters',
  'unshardedGradients',
  'activations',
  'allGather',
  'reduceScatter',
  'allReduce',
] as const
/** `activations` holds temporaries of forward and backward too. */
export type MemoryKind = (typeof memoryKinds)[number]

export interface Peak {
  readonly bytes: number
  readonly step: string
  readonly bytesByKind: Readonly<Partial<Record<MemoryKind, number>>>
}

/** Bytes held, by kind, and the most ever held since the peak was last restarted. An allocation is seen, a release is not (FSDPMemTracker). */
export class Ledger {
  level = 0
  private step = ''
  private readonly held = new Float64Array(memoryKinds.length)
  private top = 0
  private topStep = ''
  private readonly topHeld = new Float64Array(memoryKinds.length)

  /** Names what happens from here on. */
  during(step: string): void {
    this.step = step
  }

  take(kind: MemoryKind, bytes: number): void {
    this.held[kindIndex[kind]]! += bytes
    this.level += bytes
    if (this.level > this.top) this.mark()
  }

  release(kind: MemoryKind, bytes: number): void {
    this.held[kindIndex[kind]]! -= bytes
    this.level -= bytes
  }

  releaseAll(kind: MemoryKind): void {
    this.release(kind, this.held[kindIndex[kind]]!)
  }

  /** Activations in order: a positive number is taken, a negative one released. */
  run(...events: readonly number[]): void {
    for (const bytes of events) {
      if (bytes > 0) this.take('activations', bytes)
      else this.release('activations', -bytes)
    }
  }

  /**
   * The same events `count` times, at the cost of one: n equal segments (net, top) are (n net, max(top, (n - 1) net + top)).
   * They must not depend on how often they ran.
   */
  repeat(count: number, events: () => void): void {
    if (count <= 0) return
    const before = this.level
    const heldBefore = this.held.slice()
    const outer = { bytes: this.top, step: this.topStep, held: this.topHeld.slice() }
    this.mark()
    events()
    const rounds = Math.max(0, this.level - before) && count - 1
    const top = this.top + rounds * (this.level - before)
    for (let kind = 0; kind < memoryKinds.length; kind++) {
      const net = this.held[kind]! - heldBefore[kind]!
      this.held[kind]! += (count - 1) * net
      this.topHeld[kind] = top > outer.bytes ? this.topHeld[kind]! + rounds * net : outer.held[kind]!
    }
    this.top = Math.max(top, outer.bytes)
    if (top <= outer.bytes) this.topStep = outer.step
    this.level += (count - 1) * (this.level - before)
  }

  peak(): Peak {
    const bytesByKind: Partial<Record<MemoryKind, number>> = {}
    memoryKinds.forEach((kind, index) => {
      if (this.topHeld[index]) bytesByKind[kind] = this.topHeld[index]!
    })
    return { bytes: this.top, step: this.topStep, bytesByKind }
  }

  /** The peak so far; from now on the present level is the least. */
  restartPeak(): Peak {
    const peak = this.peak()
    this.mark()
    return peak
  }

  private mark(): void {
    this.top = this.level
    this.topStep = this.step
    this.topHeld.set(this.held)
  }
}

const kindIndex = Object.fromEntries(memoryKinds.map((kind, index) => [kind, index])) as Record<MemoryKind, number>
