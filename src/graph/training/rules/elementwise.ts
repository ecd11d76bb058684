import { elementsOf } from '../dtype.js'
import { type BackwardRules, each, type Shapes } from './rule.js'

/**
 * Element by element: about one backward operation for each forward one. What is kept follows from the derivative: 1/y' of sqrt is
 * told by the result, gelu' needs the argument (the choices of torch's derivatives.yaml, tools/autograd, 2.13).
 * A quotient with one float input is taken as x / constant, which keeps nothing.
 */
export const elementwise: BackwardRules = {
  ...each(
    { keeps: [], work: 1, passes: true },
    'Add Sub Sum AddN Identity Neg add_ sub_ rsub alias clone contiguous detach_copy BiasAdd',
  ),
  ...each({ keeps: [], work: 1 }, 'Cast CastLike to to_copy type_as Mean mul_scalar div_scalar convert_element_type'),
  ...each({ keeps: ['partners'], work: 1 }, 'Mul Div true_divide multiply BiasDropout addcmul addcdiv'),
  ...each(
    { keeps: ['output'], work: 1 },
    'Relu LeakyRelu Sigmoid Tanh Exp Sqrt rsqrt Reciprocal Elu Selu Celu HardSigmoid ThresholdedRelu exp2 expm1 tan PRelu rrelu',
  ),
  ...each(
    { keeps: ['inputs'], work: 1 },
    `Gelu FastGelu QuickGelu BiasGelu silu Swish SwiGLU GeGLU gelu_new glu HardSwish Mish Softplus Softsign Erf Log log1p log2 log10 Pow square
     Abs Sin Cos Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Clip clamp hardtanh Max Min maximum minimum Mod atan2 hypot lerp Shrink logaddexp
     softshrink hardshrink relu6 hardsigmoid hardswish log_sigmoid`,
  ),
  ...each({ keeps: ['indices'], work: 1 }, 'Where masked_fill masked_fill_ where'),
  ...each({ keeps: ['marks'], work: 1, leaves: dropoutMask }, 'Dropout native_dropout dropout_ BitmaskDropout'),
  ...each({ keeps: [], work: 1 }, 'RotaryEmbedding rotary'),
}

/** One byte an element (torch.native_dropout), unless the op already shows its mask. */
function dropoutMask({ outputs }: Shapes): number {
  return outputs.length > 1 || !outputs[0] ? 0 : elementsOf(outputs[0])
}
