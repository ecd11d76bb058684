import { bytesOfElement, elementsOf } from '../dtype.js'
import { type BackwardRules, each, type Shapes } from './rule.js'

/**
 * Fused attention: five products back for two forward, since the scores are made again, and one fp32 log-sum-exp per query row left
 * behind (Dao et al., FlashAttention, arXiv 2205.14135, algorithm 4; torch.utils.flop_counter counts its backward the same way).
 */
export const attention: BackwardRules = each(
  { keeps: ['inputs', 'output'], work: 2.5, leaves: logSumExpBytes },
  `Attention MultiHeadAttention GroupQueryAttention PackedMultiHeadAttention DecoderMaskedMultiHeadAttention
   scaled_dot_product_attention scaled_dot_product_flash_attention scaled_dot_product_efficient_attention scaled_dot_product_cudnn_attention
   scaled_dot_product_flash_attention_for_cpu flash_attention_forward FlashAttention SelfAttention flex_attention`,
)

/** The usual width of a head, where the shape does not tell it apart. */
const usualHeadWidth = 64

/** With projections inside (com.microsoft.Attention) the three projected tensors stay behind as well. */
function logSumExpBytes({ outputs: [output], hasWeight }: Shapes): number {
  if (!output) return 0
  const width = output.shape?.length === 4 ? output.shape[3] : usualHeadWidth
  return (
    (4 * elementsOf(output)) / Math.max(1, width) +
    (hasWeight ? 3 * elementsOf(output) * bytesOfElement(output.dtype) : 0)
  )
}
