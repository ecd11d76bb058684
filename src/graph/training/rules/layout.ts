import { type BackwardRules, each } from './rule.js'

/** What only moves elements moves their gradients back; what counts, compares or rounds has none. */
export const layout: BackwardRules = {
  ...each(
    { keeps: [], work: 1, passes: true },
    'Reshape Flatten Squeeze Unsqueeze view unsafe_view reshape flatten unflatten',
  ),
  ...each(
    { keeps: [], work: 1 },
    `Transpose t permute transpose swapaxes movedim Concat cat stack ConcatFromSequence SequenceConstruct SequenceAt Split SplitToSequence
     split split_with_sizes chunk unbind Slice slice select narrow index_put slice_scatter select_scatter diagonal Pad constant_pad_nd pad
     Expand expand broadcast_to Tile repeat repeat_interleave SpaceToDepth DepthToSpace pixel_shuffle ReverseSequence flip roll Resize
     Upsample upsample_nearest2d upsample_bilinear2d interpolate unfold as_strided Trilu tril triu im2col col2im Input copy copy_ lift_fresh_copy`,
  ),
  ...each(
    { keeps: ['indices'], work: 1 },
    'GatherElements GatherND gather index index_select ScatterElements ScatterND Scatter scatter scatter_add index_add index_copy Compress masked_select masked_scatter take_along_dim',
  ),
  // Rows of tokens to their experts and back, each weighted by its router.
  ...each({ keeps: ['indices'], work: 1 }, 'Dispatch'),
  ...each({ keeps: ['partners', 'indices'], work: 2 }, 'Combine'),
  ...each(
    { keeps: ['indices'], work: 1, isLookup: true },
    'Gather embedding embedding_bag Embedding GatherBlockQuantized',
  ),
  ...each(
    { keeps: [], work: 0, stops: true },
    `Shape Size ArgMax ArgMin argmax argmin NonZero OneHot one_hot Range ConstantOfShape EyeLike Equal Greater Less IsNaN IsInf Sign Round Ceil
     Floor Bernoulli RandomNormal RandomUniform RandomNormalLike RandomUniformLike Multinomial QuantizeLinear DynamicQuantizeLinear detach
     StopGradient zeros_like ones_like full_like new_zeros arange HardMax NonMaxSuppression bernoulli rand_like sign round floor ceil`,
  ),
}
