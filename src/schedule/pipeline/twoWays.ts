import type { Program } from './program.js'

/**
 * What one rank does for two streams of `microbatches` each that pass it in opposite directions: `near` is the stage whose stream is `depth` stages old
 * when it gets here, `far` the one whose stream has been everywhere else. Steps as in DeepSeek's github.com/deepseek-ai/DualPipe, numbered as there.
 */
export function writeTwoWays(
  program: Program,
  depth: number,
  half: number,
  microbatches: number,
  near: number,
  far: number,
): void {
  const behind = half - 1 - depth
  const repeat = (times: number, step: (k: number) => void) => {
    for (let k = 0; k < times; k++) step(k)
  }
  // 1 to 3: fill.
  repeat(2 * behind, () => program.forward(near))
  repeat(depth + 1, () => {
    program.forward(near)
    program.forward(far)
  })
  repeat(behind, () => {
    program.inputOnly(far)
    program.oldestWeight()
    program.forward(far)
  })
  // 4 and 5: each forward together with a backward of the other stream. The first at the turn is not paired: that would delay its backward.
  repeat(microbatches - 2 * half + depth + 1, (k) => {
    if (k === 0 && behind === 0) {
      program.forward(near)
      program.backward(far)
    } else program.pair(near, far)
    program.pair(far, near)
  })
  repeat(behind, () => {
    program.backward(far)
    program.pair(far, near)
  })
  // 6 to 8: drain; from the middle on gradients of weights are put off, and fill the gaps.
  const split = depth + 1
  const drain = (stage: number, step: number) => (step < split ? program.backward(stage) : program.inputOnly(stage))
  repeat(depth + 1, (k) => {
    drain(far, 2 * k)
    drain(near, 2 * k + 1)
  })
  repeat(behind, () => {
    program.oldestWeight()
    drain(near, split)
  })
  while (program.owing > 0) program.oldestWeight()
}
