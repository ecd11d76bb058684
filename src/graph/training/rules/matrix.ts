import { type BackwardRules, each } from './rule.js'

/** d(AB) = dA B + A dB: one product of the forward size for each gradient, reading the other operand (Griewank and Walther 2008, 3.2). */
export const matrix: BackwardRules = each(
  { keeps: ['partners'], work: 1, isProduct: true },
  `MatMul Gemm FusedMatMul FusedGemm TransposeMatMul GemmFastGelu Einsum MatMulInteger QLinearMatMul
   mm bmm addmm baddbmm addbmm linear dot mv matmul einsum grouped_mm GroupedMatMul scaled_mm
   Conv ConvTranspose ConvInteger QLinearConv FusedConv convolution conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
   bilinear tensordot ger outer`,
)
