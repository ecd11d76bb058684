import { elementsOf } from '../dtype.js'
import { type BackwardRules, each, type Shapes } from './rule.js'

/**
 * Norms keep their input and the statistics, in fp32, and cost about twice the forward pass: two more sums over each row for the input,
 * one for each of scale and shift (Ioffe and Szegedy, arXiv 1502.03167, section 3). Softmax keeps its output: y (g - sum y g).
 */
export const normalize: BackwardRules = {
  ...each(
    { keeps: ['inputs'], work: 2, leaves: rowStatistics(2) },
    'LayerNormalization layer_norm native_layer_norm LayerNorm SkipLayerNormalization EmbedLayerNormalization MeanVarianceNormalization',
  ),
  ...each(
    { keeps: ['inputs'], work: 2, leaves: rowStatistics(1) },
    `RMSNormalization RMSNorm rms_norm fused_rms_norm SimplifiedLayerNormalization SkipSimplifiedLayerNormalization LpNormalization
     l2_normalize`,
  ),
  // Its forward cost is the folded form, one multiply and one add: backward reads two tensors and sums twice.
  ...each(
    { keeps: ['inputs'], work: 4, leaves: channelStatistics },
    'BatchNormalization batch_norm native_batch_norm native_batch_norm_legit native_batch_norm_legit_functional cudnn_batch_norm BatchNorm',
  ),
  ...each(
    { keeps: ['inputs'], work: 2, leaves: channelStatistics },
    'InstanceNormalization GroupNormalization GroupNorm group_norm native_group_norm instance_norm SkipGroupNorm',
  ),
  ...each({ keeps: ['inputs', 'output'], work: 1 }, 'LRN local_response_norm'),
  ...each({ keeps: ['output'], work: 1 }, 'Softmax LogSoftmax softmax log_softmax safe_softmax sparsemax BiasSoftmax'),
  // The log-probabilities stay behind, as large as the logits.
  ...each(
    { keeps: ['indices'], work: 1, leaves: ({ inputs }) => Math.max(0, ...inputs.map((each) => each.bytes)) },
    'SoftmaxCrossEntropyLoss cross_entropy_loss cross_entropy CrossEntropyLoss SparseSoftmaxCrossEntropy',
  ),
  ...each(
    { keeps: ['indices'], work: 1 },
    'NegativeLogLikelihoodLoss nll_loss nll_loss_forward nll_loss2d_forward nll_loss_nd',
  ),
  ...each(
    { keeps: ['inputs'], work: 1 },
    'mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div',
  ),
}

function rowStatistics(count: number): (shapes: Shapes) => number {
  return ({ outputs: [output] }) =>
    output?.shape?.length ? (4 * count * elementsOf(output)) / Math.max(1, output.shape[output.shape.length - 1]) : 0
}

/** Mean and deviation; per sample too where the statistics are. */
function channelStatistics({ op, outputs: [output] }: Shapes): number {
  const [samples = 0, channels = 0] = output?.shape ?? []
  return 8 * channels * (/batch/i.test(op.type) ? 1 : samples)
}
