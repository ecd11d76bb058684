import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { broadcast, broadcastInputs, mapValues } from './broadcast.js'
import { type Operator, type Operators, perElementMade } from './operator.js'

/** Element by element: one result per element of the broadcast inputs. Costs count scalar operations; exp, erf and the like count as one. */
export const elementwise: Operators = {
  ...each(
    unary(1),
    'Acos Acosh Asin Asinh Atan Atanh BitwiseNot Cos Cosh Erf Exp HardSigmoid LeakyRelu Log Round Sign Sin Sinh Softplus Softsign Tan ThresholdedRelu',
  ),
  ...each(unary(2), 'Celu Elu HardSwish Selu Shrink Sigmoid Swish Tanh'),
  ...each(unary(4), 'Gelu Mish'),
  // Before operator set 7 a slope per channel; it stretches over the input, never the other way.
  PRelu: unary(2),
  Abs: unary(1, Math.abs),
  Ceil: unary(1, Math.ceil),
  Floor: unary(1, Math.floor),
  Neg: unary(1, (x) => -x),
  Not: unary(1, (x) => (x ? 0 : 1)),
  Reciprocal: unary(1, (x) => 1 / x),
  Relu: unary(1, (x) => Math.max(0, x)),
  Sqrt: unary(1, Math.sqrt),
  Clip: { ...unary(2), settings: [1, 2] },
  IsInf: test(),
  IsNaN: test(),
  Bernoulli: { ...unary(1), infer: bernoulli, isFoldable: false },
  ...each(binary(), 'BitShift BitwiseAnd BitwiseOr BitwiseXor'),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  // Swish of the gate, times the other half.
  SwiGLU: { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: perElementMade(4) },
  Div: { infer: divide, cost: perElementMade(1) },
  Mod: { infer: remainder, cost: perElementMade(1) },
  Pow: binary((a, b) => a ** b),
  And: compareOp((a, b) => a && b),
  Or: compareOp((a, b) => a || b),
  Xor: compareOp((a, b) => Number(!a !== !b)),
  Equal: compareOp((a, b) => Number(a === b)),
  Greater: compareOp((a, b) => Number(a > b)),
  GreaterOrEqual: compareOp((a, b) => Number(a >= b)),
  Less: compareOp((a, b) => Number(a < b)),
  LessOrEqual: compareOp((a, b) => Number(a <= b)),
  Max: variadic((...all) => Math.max(...all)),
  Min: variadic((...all) => Math.min(...all)),
  Sum: variadic((...all) => all.reduce((a, b) => a + b, 0)),
  Mean: variadic((...all) => all.reduce((a, b) => a + b, 0) / all.length),
  Where: {
    infer: (c) => {
      const shape = broadcastInputs(c)
      c.set(
        0,
        shape,
        c.type(1) || c.type(2),
        mapValues(c, shape, (condition, a, b) => (condition ? a : b)!),
      )
    },
    cost: perElementMade(1),
    settings: [0],
  },
}

export function unary(operations: number, apply?: (x: number) => number): Operator {
  return {
    infer: (c) =>
      c.set(0, c.shape(0), c.type(0), apply && c.inputs.length === 1 ? mapValues(c, c.shape(0), apply) : undefined),
    cost: perElementMade(operations),
  }
}

export function each(operator: Operator, names: string): Operators {
  return Object.fromEntries(names.split(' ').map((name) => [name, operator]))
}

function test(): Operator {
  return { infer: (c) => c.set(0, c.shape(0), types.bool), cost: perElementMade(1) }
}

export function binary(apply?: (a: number, b: number) => number): Operator {
  return {
    infer: (c) => {
      const shape = pair(c)
      c.set(0, shape, c.type(0) || c.type(1), apply && mapValues(c, shape, apply))
    },
    cost: perElementMade(1),
  }
}

function compareOp(apply: (a: number, b: number) => number): Operator {
  return {
    infer: (c) => {
      const shape = pair(c)
      c.set(0, shape, types.bool, mapValues(c, shape, apply))
    },
    cost: perElementMade(1),
  }
}

function variadic(apply: (...all: number[]) => number): Operator {
  return {
    infer: (c) => {
      const shape = broadcastInputs(c)
      c.set(0, shape, c.type(0), mapValues(c, shape, apply))
    },
    cost: (c) => ({ flops: Math.max(1, c.inputs.length - 1) * c.made() }),
  }
}

function pair(c: OpContext): readonly number[] {
  const a = c.shape(0)
  const b = c.shape(1)
  return broadcast(a, b) ?? legacyBroadcast(c, a, b)
}

/** Operator sets before 7 (and converters that kept the attribute) align the second shape at `axis` of the first. */
function legacyBroadcast(c: OpContext, a: readonly number[], b: readonly number[]): readonly number[] {
  if (c.int('broadcast', 0) === 1 && b.length <= a.length) return a
  return c.wrong(`[${a.join(', ')}] and [${b.join(', ')}] do not broadcast`)
}

function divide(c: OpContext): void {
  const shape = pair(c)
  const isFloat = [types.fp32, types.fp16, types.fp64, types.bf16].some((t) => t === c.type(0))
  const apply = (a: number, b: number): number => (isFloat ? a / b : Math.trunc(a / b))
  c.set(0, shape, c.type(0) || c.type(1), mapValues(c, shape, apply))
}

/** The sign follows the divisor, unless fmod asks for C's rule. */
function remainder(c: OpContext): void {
  const shape = pair(c)
  const floored = (a: number, b: number): number => ((a % b) + b) % b
  const apply = c.int('fmod', 0) === 1 ? (a: number, b: number): number => a % b : floored
  c.set(0, shape, c.type(0) || c.type(1), mapValues(c, shape, apply))
}

function bernoulli(c: OpContext): void {
  c.set(0, c.shape(0), c.int('dtype', c.type(0)))
}
