import type { FxNode, TensorMeta } from './nodes.js'

/** What one execution costs in arithmetic. */
export interface Arithmetic {
  readonly flops: number
  readonly matrixFlops: number
  /** Bytes read of its inputs, where it is not all of them. */
  readonly readBytes?: number
  readonly unmodelled?: string
}

/** Arithmetic of a node, by formulas on the shapes of its arguments; `meta` gives the tensor behind an argument. */
export function arithmeticOf(node: FxNode, meta: (argument: unknown) => TensorMeta | undefined): Arithmetic {
  const { operator, args, outputs } = node
  const made = outputs.length > 0 ? elements(outputs[0]) : 0
  const read = elements(meta(args[0]))
  const matrix = matrixFlops(node, meta)
  if (matrix !== undefined) {
    const scores = operator.includes('scaled_dot_product') ? 7 * scoreElements(meta(args[0]), meta(args[1])) : 0
    const bias = withBias.has(operator) ? made : 0
    return { flops: matrix + scores + bias, matrixFlops: matrix }
  }
  const name = operator.replace(/(?<=[a-z0-9])_$/, '')
  if (gathers.has(name)) return { flops: 0, matrixFlops: 0, readBytes: outputs[0]?.bytes ?? 0 }
  const perMade = elementwise.get(name)
  if (perMade !== undefined) return { flops: perMade * made, matrixFlops: 0 }
  const perRead = reductions.get(name)
  if (perRead !== undefined) return { flops: perRead * read, matrixFlops: 0 }
  if (windows.has(name)) return { flops: made * windowSize(args[1]), matrixFlops: 0 }
  return {
    flops: made,
    matrixFlops: 0,
    unmodelled: `no FLOP formula for aten.${operator}: one operation per element made`,
  }
}

/** 2 x multiply-adds of products, convolutions, attention and recurrences; undefined for other operators. */
function matrixFlops(node: FxNode, meta: (argument: unknown) => TensorMeta | undefined): number | undefined {
  const { operator, args, outputs } = node
  const made = outputs.length > 0 ? elements(outputs[0]) : 0
  const [a, b, c, d] = args.slice(0, 4).map(meta)
  const inner = (tensor: TensorMeta | undefined) => tensor?.shape.at(-1) ?? 0
  if (products.has(operator)) return 2 * made * inner(a)
  if (addedProducts.has(operator)) return 2 * made * inner(b)
  if (operator === 'addbmm') return 2 * made * inner(b) * (b?.shape[0] ?? 0)
  if (operator === 'mv') return 2 * elements(a)
  if (operator === 'addmv') return 2 * elements(b)
  if (operator === 'dot' || operator === 'vdot') return 2 * elements(a)
  if (groupedProducts.has(operator)) return a?.shape.length === 2 ? 2 * elements(a) * inner(b) : 2 * made * inner(a)
  if (operator === 'einsum') return einsumFlops(args, meta)
  if (convolutions.has(operator)) {
    const isTransposed = operator.includes('transpose') || (operator.endsWith('convolution') && args[6] === true)
    return 2 * (isTransposed ? elements(a) : made) * filterElements(b)
  }
  if (operator === 'convolution_backward') {
    // (grad_output, input, weight, bias sizes, stride, padding, dilation, transposed, output padding, groups, mask): one product for each of input and weight.
    const mask = Array.isArray(args[10]) ? args[10].slice(0, 2).filter((wanted) => wanted === true).length : 2
    return mask * 2 * elements(args[7] === true ? b : a) * filterElements(c)
  }
  if (/^_?scaled_dot_product_.*attention.*_backward$/.test(operator))
    // Scores again, then the gradients of values, weights, queries and keys (Dao et al., 2022, algorithm 4).
    return 2 * scoreElements(b, c) * (3 * inner(b) + 2 * inner(d))
  if (/^_?scaled_dot_product_.*attention/.test(operator)) return 2 * scoreElements(a, b) * (inner(a) + inner(c))
  if (recurrent.has(operator)) return recurrentFlops(args, meta)
  return undefined
}

const set = (names: string) => new Set(names.split(/\s+/))
const products = set('mm bmm matmul linear _int_mm _scaled_mm __matmul__')
const addedProducts = set('addmm baddbmm _addmm_activation')
const groupedProducts = set('_grouped_mm _scaled_grouped_mm')
const withBias = set('addmm baddbmm addbmm addmv')
const convolutions = set(
  'conv1d conv2d conv3d convolution _convolution conv_transpose1d conv_transpose2d conv_transpose3d cudnn_convolution mkldnn_convolution',
)
const recurrent = set('lstm gru rnn_tanh rnn_relu')

function elements(tensor: TensorMeta | undefined): number {
  return tensor ? tensor.shape.reduce((product, size) => product * size, 1) : 0
}

/** Weights are [out, in / groups, kernel...], or [in, out / groups, kernel...] where transposed: all but the first dim meet each element. */
function filterElements(weight: TensorMeta | undefined): number {
  return weight ? weight.shape.slice(1).reduce((product, size) => product * size, 1) : 0
}

/** Queries [..., L, E] against keys [..., S, E]. */
function scoreElements(query: TensorMeta | undefined, key: TensorMeta | undefined): number {
  if (!query || !key || query.shape.length < 2 || key.shape.length < 2) return 0
  return (elements(query) / Math.max(1, query.shape.at(-1)!)) * key.shape.at(-2)!
}

/** (input, states, weights, ...): each matrix meets every token once. */
function recurrentFlops(args: readonly unknown[], meta: (argument: unknown) => TensorMeta | undefined): number {
  const input = meta(args[0])
  const tokens = elements(input) / Math.max(1, input?.shape.at(-1) ?? 1)
  const weights = args.find(
    (list, i) => i > 0 && Array.isArray(list) && list.length >= 2 && meta(list[0])?.shape.length === 2,
  )
  const matrices = (Array.isArray(weights) ? weights : []).map(meta).filter((weight) => weight?.shape.length === 2)
  return 2 * tokens * matrices.reduce((sum, weight) => sum + elements(weight), 0)
}

/** One or two operands with explicit letters: every combination of indices is one multiply-add. */
function einsumFlops(
  args: readonly unknown[],
  meta: (argument: unknown) => TensorMeta | undefined,
): number | undefined {
  const [equation, list] = args
  if (typeof equation !== 'string' || !Array.isArray(list) || list.length > 2 || equation.includes('.'))
    return undefined
  const size = new Map<string, number>()
  equation
    .split('->')[0]
    .split(',')
    .forEach((letters, operand) => {
      const shape = meta(list[operand])?.shape ?? []
      ;[...letters.trim()].forEach((letter, d) => {
        size.set(letter, Math.max(size.get(letter) ?? 1, shape[d] ?? 1))
      })
    })
  return 2 * [...size.values()].reduce((product, each) => product * each, 1)
}

function windowSize(kernel: unknown): number {
  return Array.isArray(kernel) ? kernel.reduce((product: number, k) => product * (typeof k === 'number' ? k : 1), 1) : 1
}

const windows = set(
  'max_pool1d max_pool2d max_pool3d max_pool2d_with_indices max_pool3d_with_indices avg_pool1d avg_pool2d avg_pool3d',
)
const gathers = set('embedding index index_select gather')

/** Operations per element made, as for ONNX: exp, erf and the like count as one. */
const elementwise = perName([
  [
    0,
    `cat stack concat concatenate clone copy arange zeros ones full empty new_zeros new_ones new_full new_empty new_empty_strided zeros_like ones_like full_like
     empty_like empty_strided empty_permuted scalar_tensor constant_pad_nd pad roll flip repeat repeat_interleave tile tril triu scatter index_put
     index_copy reshape reshape_as flatten ravel contiguous fill zero one_hot linspace eye meshgrid upsample_nearest2d slice_scatter select_scatter
     slice_backward select_backward as_strided_scatter lift_fresh_copy tensor masked_select nonzero triu_indices tril_indices full_like expand_copy
     view_copy permute_copy pixel_shuffle channel_shuffle diag_embed set split_copy unfold_backward`,
  ],
  [
    1,
    `add sub rsub mul div true_divide floor_divide neg abs sign exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin acos atan atan2
     sinh cosh erf erfc floor ceil round trunc frac pow square maximum minimum fmax fmin relu relu6 leaky_relu clamp clamp_min clamp_max eq ne lt le gt ge
     logical_and logical_or logical_not logical_xor bitwise_and bitwise_or bitwise_not bitwise_xor __and__ __or__ __xor__ __lshift__ __rshift__ where masked_fill
     remainder fmod isnan isinf isfinite threshold to _to_copy type_as float half double bfloat16 convert_element_type prelu heaviside nan_to_num
     bernoulli rand randn rand_like randn_like randint uniform normal diff scatter_add index_add threshold_backward hardtanh fill_diagonal multiply
     divide subtract masked_fill_backward and or xor not`,
  ],
  [
    2,
    'tanh sigmoid silu elu selu celu softplus hardswish hardsigmoid log_sigmoid logit dropout native_dropout feature_dropout alpha_dropout addcmul addcdiv lerp',
  ],
  [3, 'tanh_backward sigmoid_backward native_dropout_backward cross addr glu'],
  [4, 'gelu mish rms_norm _fused_rms_norm upsample_bilinear2d silu_backward elu_backward hardswish_backward'],
  [5, 'softmax _softmax _safe_softmax _softmax_backward_data _log_softmax_backward_data'],
  [6, 'log_softmax _log_softmax'],
  [
    7,
    'layer_norm native_layer_norm batch_norm native_batch_norm _native_batch_norm_legit _native_batch_norm_legit_functional _batch_norm_with_update group_norm native_group_norm instance_norm',
  ],
  [8, 'gelu_backward'],
  [
    12,
    'native_layer_norm_backward native_batch_norm_backward batch_norm_backward native_group_norm_backward _fused_rms_norm_backward',
  ],
])

/** Operations per element of the first argument. */
const reductions = perName([
  [
    1,
    `sum mean amax amin max min argmax argmin cumsum cumprod prod all any count_nonzero logcumsumexp nll_loss nll_loss_forward nll_loss_backward
     nll_loss_nd adaptive_avg_pool1d adaptive_avg_pool2d _adaptive_avg_pool2d adaptive_max_pool2d mean_backward avg_pool2d_backward
     max_pool2d_with_indices_backward _adaptive_avg_pool2d_backward embedding_dense_backward embedding_backward bincount histc unique_consecutive
     sum_to_size cummax cummin`,
  ],
  [2, 'norm linalg_vector_norm logsumexp mse_loss l1_loss smooth_l1_loss huber_loss mse_loss_backward'],
  [3, 'var std var_mean std_mean binary_cross_entropy binary_cross_entropy_with_logits kl_div'],
  [6, 'cross_entropy_loss'],
  // A comparison sort of a few thousand elements: log2 n comparisons each.
  [12, 'sort topk argsort kthvalue median'],
])

function perName(rows: readonly (readonly [number, string])[]): ReadonlyMap<string, number> {
  return new Map(rows.flatMap(([operations, names]) => names.split(/\s+/).map((name) => [name, operations] as const)))
}
