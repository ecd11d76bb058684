import { type BackwardRules, each, type Shapes } from './rule.js'

/** Back through time: two products for each forward one, and the gates of every step left behind (LSTM: four and the cell; GRU: three and the candidate). */
export const recurrent: BackwardRules = {
  ...each({ keeps: ['inputs', 'output'], work: 2, leaves: gates(5) }, 'LSTM QuantizeLSTM DynamicQuantizeLSTM'),
  ...each({ keeps: ['inputs', 'output'], work: 2, leaves: gates(4) }, 'GRU'),
  ...each({ keeps: ['inputs', 'output'], work: 2 }, 'RNN rnn_tanh rnn_relu'),
}

function gates(count: number): (shapes: Shapes) => number {
  return ({ outputs: [output] }) => count * (output?.bytes ?? 0)
}
