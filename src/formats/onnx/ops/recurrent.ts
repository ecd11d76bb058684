import type { OpContext } from '../context.js'
import type { Operator, Operators } from './operator.js'

/** Recurrent layers over a whole sequence. Work: both matrix products of every gate at every step. */
export const recurrent: Operators = { LSTM: layer(4), GRU: layer(3), RNN: layer(1) }

/** ONNX Runtime's quantised LSTM; its matrices are transposed: [directions, input, 4 x hidden]. */
export const quantisedLstm: Operator = { ...layer(4), quantised: [1, 2], settings: [4, 5, 6, 8, 9, 10, 11] }

function layer(gates: number): Operator {
  return {
    infer: (c) => {
      const { steps, batch, directions, hidden } = extents(c)
      const isBatchFirst = c.int('layout', 0) === 1
      c.set(0, isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden], c.type(0))
      const last = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
      c.set(1, last, c.type(0))
      c.set(2, last, c.type(0))
    },
    cost: (c) => {
      const { steps, batch, directions, hidden, input } = extents(c)
      const rows = steps * batch * directions * hidden
      const matrixFlops = 2 * rows * gates * (input + hidden)
      // Biases, an activation per gate and the blend of old and new state.
      return { flops: matrixFlops + rows * (4 * gates + 3), matrixFlops }
    },
    isFoldable: false,
    // Lengths and initial states.
    settings: [4, 5, 6],
  }
}

function extents(c: OpContext): { steps: number; batch: number; input: number; directions: number; hidden: number } {
  const x = c.shape(0)
  const r = c.shape(2)
  if (x.length !== 3 || r.length !== 3) return c.wrong('a recurrent layer takes three-dimensional X and R')
  const [steps, batch] = c.int('layout', 0) === 1 ? [x[1]!, x[0]!] : [x[0]!, x[1]!]
  return { steps, batch, input: x[2]!, directions: r[0]!, hidden: c.int('hidden_size', r[2]!) }
}
