import type { FxNode, TensorMeta } from './nodes.js'

/** Whether a node only looks at its first tensor differently: no copy, no memory. (PyTorch documentation, "Tensor Views".) */
export function isView({ operator, args, outputs }: FxNode, input: TensorMeta | undefined): boolean {
  if (views.has(operator) || views.has(operator.replace(/_$/, ''))) return true
  if (!input || outputs.length !== 1) return false
  if (copiesUnlessContiguous.has(operator)) return input.isContiguous
  if (casts.has(operator)) return input.type.name === outputs[0].type.name
  // aten.dropout(input, p, train)
  if (dropouts.has(operator)) return args[2] === false || args[1] === 0
  return false
}

const set = (names: string) => new Set(names.split(/\s+/))

const views =
  set(`getitem view _unsafe_view view_as unsqueeze squeeze transpose t permute expand expand_as broadcast_to slice select narrow
  split split_with_sizes chunk tensor_split hsplit vsplit dsplit unbind alias detach detach_ diagonal as_strided unfold movedim moveaxis swapaxes
  swapdims mT mH adjoint numpy_T unflatten real imag view_as_real view_as_complex resolve_conj resolve_neg positive data lift_fresh lift
  _reshape_alias unsafe_split unsafe_chunk unsafe_split_with_sizes`)
const copiesUnlessContiguous = set('reshape reshape_as flatten ravel contiguous')
const casts = set('to type_as float half double bfloat16')
const dropouts = set('dropout feature_dropout alpha_dropout dropout_')
