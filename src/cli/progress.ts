const quietMilliseconds = 500
const redrawMilliseconds = 100

/**
 * One line on stderr for work that lasts, on a terminal only: `label 42 %`. Writes synchronously, since a planner
 * that computes never lets the event loop turn. `end` wipes the line.
 */
export function progressLine(label: string, stream: NodeJS.WriteStream, wanted: boolean, now: () => number = Date.now) {
  let next = now() + quietMilliseconds
  let drawn = false
  return {
    /** A `total` of 0 means that it is unknown. */
    update(done: number, total: number): void {
      if (!wanted || !stream.isTTY || now() < next) return
      next = now() + redrawMilliseconds
      drawn = true
      stream.write(`\r${label} ${total ? `${Math.floor((100 * done) / total)} %` : done}\x1b[K`)
    },
    end(): void {
      if (drawn) stream.write('\r\x1b[K')
      drawn = false
    },
  }
}
