import { types } from '../dataTypes.js'
import { type Operators, perElementMade } from './operator.js'

/** Between floats and scaled integers. A constant behind DequantizeLinear stays a weight of its integer bytes. */
export const quantize: Operators = {
  QuantizeLinear: {
    infer: (c) => c.set(0, c.shape(0), c.has(2) ? c.type(2) : c.int('output_dtype', 0) || types.uint8),
    cost: perElementMade(3),
    settings: [1, 2],
  },
  DequantizeLinear: {
    infer: (c) => {
      c.set(0, c.shape(0), c.int('output_dtype', 0) || (c.has(1) && c.type(1)) || types.fp32)
      const output = c.outputs[0]
      if (output) output.quantisedType = c.type(0)
    },
    cost: perElementMade(2),
    settings: [1, 2],
    quantised: [0],
  },
  DynamicQuantizeLinear: {
    infer: (c) => {
      c.set(0, c.shape(0), types.uint8)
      c.set(1, [], types.fp32)
      c.set(2, [], types.uint8)
    },
    cost: perElementMade(5),
  },
}
