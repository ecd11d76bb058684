/** A column of whole numbers that grows. */
export class IntColumn {
  private values: Int32Array
  length = 0

  constructor(capacity = 64) {
    this.values = new Int32Array(Math.max(1, capacity))
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const longer = new Int32Array(2 * this.length)
      longer.set(this.values)
      this.values = longer
    }
    this.values[this.length++] = value
  }

  /** What was pushed, without a copy: valid until the next push. */
  view(): Int32Array {
    return this.values.subarray(0, this.length)
  }
}

/** A column of numbers that grows. */
export class FloatColumn {
  private values: Float64Array
  length = 0

  constructor(capacity = 64) {
    this.values = new Float64Array(Math.max(1, capacity))
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const longer = new Float64Array(2 * this.length)
      longer.set(this.values)
      this.values = longer
    }
    this.values[this.length++] = value
  }

  /** What was pushed, without a copy: valid until the next push. */
  view(): Float64Array {
    return this.values.subarray(0, this.length)
  }
}
