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

/**
 * Bytes held, by kind, and the most ever held since the peak was last restarted. An allocation is seen, a release is not (FSDPMemTracker). What was
 * held at a peak is written down when something is released after it, not at each allocation that rises further.
 */
export class Ledger {
  level = 0
  private step = ''
  private readonly held = kindCounts()
  private top = 0
  private topStep = ''
  private readonly topHeld = kindCounts()
  /** The level is the peak: `held` is what was held at it. */
  private isAtTop = true

  /** Names what happens from here on. */
  during(step: string): void {
    this.step = step
  }

  take(kind: MemoryKind, bytes: number): void {
    this.rise(kindIndex[kind], bytes)
  }

  release(kind: MemoryKind, bytes: number): void {
    this.fall(kindIndex[kind], bytes)
  }

  releaseAll(kind: MemoryKind): void {
    this.fall(kindIndex[kind], this.held[kindIndex[kind]]!)
  }

  /** Activations in order: a positive number is taken, a negative one released. */
  run(...events: readonly number[]): void {
    for (let index = 0; index < events.length; index++) {
      const bytes = events[index]!
      if (bytes > 0) this.rise(activations, bytes)
      else this.fall(activations, -bytes)
    }
  }

  /**
   * The same events `count` times, at the cost of one: n equal segments (net, top) are (n net, max(top, (n - 1) net + top)).
   * They must not depend on how often they ran.
   */
  repeat(count: number, events: () => void): void {
    if (count <= 0) return
    if (count === 1) {
      events()
      return
    }
    this.write()
    const from = {
      level: this.level,
      held: this.held.slice(),
      top: this.top,
      topStep: this.topStep,
      topHeld: this.topHeld.slice(),
    }
    this.restart()
    events()
    this.write()
    const net = this.level - from.level
    // Only a step that keeps something peaks in its last round.
    const rounds = net > 0 ? count - 1 : 0
    const top = this.top + rounds * net
    const isHigher = top > from.top
    for (let kind = 0; kind < this.held.length; kind++) {
      const kept = this.held[kind]! - from.held[kind]!
      this.held[kind]! += (count - 1) * kept
      this.topHeld[kind] = isHigher ? this.topHeld[kind]! + rounds * kept : from.topHeld[kind]!
    }
    this.top = isHigher ? top : from.top
    if (!isHigher) this.topStep = from.topStep
    this.level += (count - 1) * net
  }

  peak(): Peak {
    this.write()
    const bytesByKind: Partial<Record<MemoryKind, number>> = {}
    for (let kind = 0; kind < memoryKinds.length; kind++)
      if (this.topHeld[kind] !== 0) bytesByKind[memoryKinds[kind]!] = this.topHeld[kind]!
    return { bytes: this.top, step: this.topStep, bytesByKind }
  }

  /** The peak so far; from now on the present level is the least. */
  restartPeak(): Peak {
    const peak = this.peak()
    this.restart()
    return peak
  }

  private rise(kind: number, bytes: number): void {
    this.held[kind]! += bytes
    this.level += bytes
    if (this.level > this.top) {
      this.top = this.level
      this.topStep = this.step
      this.isAtTop = true
    }
  }

  private fall(kind: number, bytes: number): void {
    if (this.isAtTop) this.write()
    this.held[kind]! -= bytes
    this.level -= bytes
  }

  private write(): void {
    if (!this.isAtTop) return
    for (let kind = 0; kind < this.held.length; kind++) this.topHeld[kind] = this.held[kind]!
    this.isAtTop = false
  }

  private restart(): void {
    this.top = this.level
    this.topStep = this.step
    this.isAtTop = true
  }
}

const kindIndex = Object.fromEntries(memoryKinds.map((kind, index) => [kind, index])) as Record<MemoryKind, number>
const activations = kindIndex.activations

function kindCounts(): number[] {
  return memoryKinds.map(() => 0)
}
