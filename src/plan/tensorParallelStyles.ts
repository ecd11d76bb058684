import { type ModuleNames, moduleNames } from '../graph/index.js'
import { isExpertLayer, type ModelDescription } from '../model/index.js'

/** How a module is cut between tensor-parallel ranks, in the words of torch.distributed.tensor.parallel. */
export type TensorParallelStyle = 'colwise' | 'rowwise' | 'sequence'

/**
 * Column then row in attention and MLP (Megatron-LM, arXiv 1909.08053, section 3), tables by vocabulary; norms on a part of the sequence each with sequence parallelism
 * (arXiv 2205.05198, section 4.2). By module pattern, * a layer's number.
 */
export function tensorParallelStyles(
  model: ModelDescription,
  sequenceParallel: boolean,
): Readonly<Record<string, TensorParallelStyle>> {
  const names = moduleNames(model)
  const block = `${names.root}${names.layer}.*.`
  const styles: Record<string, TensorParallelStyle> = { [`${names.root}${names.tokens}`]: 'rowwise' }
  const attention = `${block}${names.attention}.`
  for (const name of projections(model, names)) styles[attention + name] = 'colwise'
  styles[attention + names.output] = 'rowwise'
  const ups = model.gatedMlp ? (names.gateUp ? [names.gateUp] : [names.gate, names.up]) : [names.up]
  if (Array.from({ length: model.layers }, (_, layer) => layer).some((layer) => !isExpertLayer(model, layer))) {
    for (const name of ups) styles[`${block}${names.mlp}${name}`] = 'colwise'
    styles[`${block}${names.mlp}${names.down}`] = 'rowwise'
  }
  if (model.head !== 'none') styles[names.head] = 'colwise'
  if (sequenceParallel) {
    for (const norm of names.norms.slice(0, model.normPlacement === 'both' ? 4 : 2)) styles[block + norm] = 'sequence'
    if (model.normPlacement !== 'post') styles[`${names.root}${names.lastNorm}`] = 'sequence'
  }
  return styles
}

/** Of multi-head latent attention, those that widen the latent into heads. */
function projections({ attention, qLoraRank }: ModelDescription, { qkv }: ModuleNames): readonly string[] {
  if (attention === 'mla') return [qLoraRank > 0 ? 'q_b_proj' : 'q_proj', 'kv_b_proj']
  return typeof qkv === 'string' ? [qkv] : qkv
}
