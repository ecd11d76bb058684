/**
 * One name for what frameworks call differently: aten::addmm of a profiler, aten.addmm of an export, Gemm of ONNX. Ops of one class may stand
 * for each other when sequences are aligned.
 */
export function opClass(type: string): string {
  const known = classes.get(type)
  if (known !== undefined) return known
  const bare = type
    .replace(/^.*(::|\.)/, '')
    .replace(/^__(\w+)__$/, '$1')
    .replace(/_$/, '')
  return classes.get(bare) ?? bare.toLowerCase()
}

const classes: ReadonlyMap<string, string> = new Map(
  [
    'product mm addmm bmm baddbmm matmul linear einsum MatMul Gemm FusedMatMul FusedGemm MatMulInteger QLinearMatMul MatMulNBits Linear',
    'convolution conv1d conv2d conv3d convolution _convolution cudnn_convolution mkldnn_convolution Conv FusedConv ConvInteger QLinearConv Conv2d',
    'layer_norm layer_norm native_layer_norm LayerNormalization SkipLayerNormalization LayerNorm',
    'batch_norm batch_norm native_batch_norm cudnn_batch_norm BatchNormalization BatchNorm2d',
    'rms_norm rms_norm _fused_rms_norm RMSNormalization SimplifiedLayerNormalization SkipSimplifiedLayerNormalization',
    'group_norm group_norm native_group_norm GroupNormalization',
    'softmax softmax _softmax Softmax',
    'log_softmax log_softmax _log_softmax LogSoftmax',
    'attention scaled_dot_product_attention _scaled_dot_product_flash_attention _scaled_dot_product_flash_attention_for_cpu ' +
      '_scaled_dot_product_efficient_attention _scaled_dot_product_cudnn_attention Attention MultiHeadAttention GroupQueryAttention',
    'lookup embedding index_select Gather Embedding',
    'max_pool max_pool1d max_pool2d max_pool3d max_pool2d_with_indices MaxPool MaxPool2d',
    'avg_pool avg_pool1d avg_pool2d avg_pool3d AveragePool AvgPool2d',
    'adaptive_avg_pool adaptive_avg_pool1d adaptive_avg_pool2d _adaptive_avg_pool2d GlobalAveragePool AdaptiveAvgPool2d',
    'cat cat concat Concat',
    'copy to _to_copy Cast type_as',
    'mean mean ReduceMean',
    'sum sum ReduceSum',
    'max amax max ReduceMax',
    'clamp clamp clamp_min hardtanh relu6 Clip',
    'equal eq Equal',
    'greater gt Greater',
    'less lt Less',
    'less_equal le LessOrEqual',
    'greater_equal ge GreaterOrEqual',
    'cumsum cumsum CumSum',
    'lstm lstm LSTM',
    'gru gru GRU',
    'dropout dropout native_dropout Dropout',
  ].flatMap((line) => {
    const [name, ...types] = line.split(' ')
    return types.map((type) => [type, name] as const)
  }),
)
