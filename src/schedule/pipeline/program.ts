import { backwardBits, forwardBits, inputBit, pairedBit, unitShift, weightBit } from './types.js'

/**
 * A rank's program as it is written. Each of its stages takes the microbatches in order, so a step names its stage only. Steps beyond the
 * last microbatch are dropped: a schedule may be written for more than there are.
 */
export class Program {
  private readonly packed: Int32Array
  private length = 0
  private readonly nextForward: Int32Array
  private readonly nextInput: Int32Array
  private readonly nextWeight: Int32Array
  /** Gradients of weights put off, the oldest first. */
  private readonly owed: number[] = []
  private paid = 0

  constructor(
    stages: number,
    private readonly microbatches: number,
    stagesHere: number,
  ) {
    this.packed = new Int32Array(3 * stagesHere * microbatches)
    this.nextForward = new Int32Array(stages)
    this.nextInput = new Int32Array(stages)
    this.nextWeight = new Int32Array(stages)
  }

  /** Lets a stage begin with another microbatch than 0. */
  begin(stage: number, microbatch: number): void {
    this.nextForward[stage] = microbatch
    this.nextInput[stage] = microbatch
    this.nextWeight[stage] = microbatch
  }

  forward(stage: number): void {
    this.add(stage, this.nextForward[stage]++, forwardBits)
  }

  /** The whole backward. */
  backward(stage: number): void {
    this.nextWeight[stage]++
    this.add(stage, this.nextInput[stage]++, backwardBits)
  }

  /** A forward and a whole backward as one. */
  pair(forwardStage: number, backwardStage: number): void {
    this.add(forwardStage, this.nextForward[forwardStage]++, forwardBits | pairedBit)
    this.backward(backwardStage)
  }

  input(stage: number): void {
    this.add(stage, this.nextInput[stage]++, inputBit)
  }

  weight(stage: number): void {
    this.add(stage, this.nextWeight[stage]++, weightBit)
  }

  /** The gradient of the input, while that of the weights is put off until `oldestWeight`. */
  inputOnly(stage: number): void {
    this.owed.push(stage, this.nextInput[stage])
    this.nextWeight[stage]++
    this.input(stage)
  }

  /** The gradient of weights put off longest, if there is any. */
  oldestWeight(): void {
    if (this.owing > 0) this.add(this.owed[this.paid++], this.owed[this.paid++], weightBit)
  }

  /** How many gradients of weights are put off. */
  get owing(): number {
    return (this.owed.length - this.paid) / 2
  }

  add(stage: number, microbatch: number, bits: number): void {
    if (microbatch >= this.microbatches) return
    this.packed[this.length++] = ((stage * this.microbatches + microbatch) << unitShift) | bits
  }

  end(): Int32Array {
    return this.packed.subarray(0, this.length)
  }
}
