import { meshStride } from '../../model/index.js'
import { optimizerPresets, type RankParameters, stepBytesPerParameter } from '../trainingMemory/index.js'
import type { CostContext } from './context.js'
import { dataLink } from './exchange.js'
import { type GroupLink, linkOf } from './links.js'
import { matrixRate } from './matmul.js'
import type { StageLike } from './stage.js'
import { exchangesSeconds, travelling } from './traffic.js'
import { stageMatrices } from './weightMatrices.js'

/**
 * Seconds of the optimizer over one stage: the traffic of its state, and the products of optimizers that treat whole matrices. With offload it runs on the
 * host, beside the transfers that it needs.
 */
export function optimizerSeconds(context: CostContext, parameters: RankParameters, stage: StageLike): number {
  const { cluster, coefficients: c, sharing } = context
  const elements = updatedElements(context, parameters)
  const bytes = bytesPerParameter(context)
  if (sharing.offload) return offloadedSeconds(context, bytes, elements)
  return (
    (c.optimizerTraffic * bytes * elements) / cluster.sheet.kind.memoryBytesPerSecond + matrixSeconds(context, stage)
  )
}

function bytesPerParameter({ recipe, model }: CostContext): number {
  const preset = optimizerPresets[recipe.optimizer] ?? optimizerPresets.adamw
  return stepBytesPerParameter(preset, { rows: model.hidden, columns: model.hidden })
}

/** Parameters that a rank updates: its share where optimizer state is shared. */
function updatedElements({ sharing }: CostContext, parameters: RankParameters): number {
  const { tensor, expert, data, context: cp } = sharing.degrees
  const shares = sharing.zeroStage >= 1
  const denseShards = shares ? data * cp : 1
  const expertShards = shares ? Math.max(1, (data * cp * tensor) / expert) : 1
  return parameters.dense / denseShards + parameters.expert / expertShards
}

/** What the host's memory reaches where neither run nor cluster says: eight channels of DDR4-3200 (JEDEC JESD79-4, 25.6 GB/s a channel), one socket. */
export const usualHostMemoryBytesPerSecond = 204.8e9

/**
 * ZeRO-Offload (arXiv 2101.06840, sections 4 and 5): 16-bit gradients go down while backward runs, parameters come up while the host updates the next ones, so
 * the slowest of the three lasts. All devices of a host share its memory.
 */
function offloadedSeconds({ cluster }: CostContext, bytesPerElement: number, elements: number): number {
  const wire = (2 * elements) / cluster.sheet.host.pciBytesPerSecond
  const hostRate = cluster.hostMemoryBytesPerSecond ?? usualHostMemoryBytesPerSecond
  return Math.max(wire, (cluster.devicesPerHost * bytesPerElement * elements) / hostRate)
}

/**
 * Products of Muon, Shampoo and the like, on whole matrices: a rank gathers in 16 bits what tensor parallelism cuts and, where state is shared, the matrix
 * that lies on other ranks too; it treats its share, one matrix at least (arXiv 2502.16982, section 2.3, "Distributed Muon").
 */
function matrixSeconds(context: CostContext, stage: StageLike): number {
  const { sharing, recipe, cluster, coefficients, model } = context
  const preset = optimizerPresets[recipe.optimizer] ?? optimizerPresets.adamw
  const { data, context: cp, tensor, expert } = sharing.degrees
  const shares = sharing.zeroStage >= 1
  const shards = { dense: shares ? data * cp : 1, expert: shares ? Math.max(1, (data * cp * tensor) / expert) : 1 }
  let flops = 0
  let most = 0
  let gathered = 0
  for (const { isExpert, count, shape } of stageMatrices(model, stage)) {
    const own = isExpert ? count / expert / shards.expert : count / shards.dense
    flops += own * preset.stepFlops(shape)
    most = Math.max(most, preset.stepFlops(shape))
    if (!isExpert) gathered += own * shape.rows * shape.columns
  }
  if (most === 0) return 0
  const { flopsPerSecond } = matrixRate(cluster.sheet.kind, preset.matrixPrecision, coefficients)
  const overTensor = linkOf(context, tensor, meshStride(sharing.degrees, 'tensor'))
  const gather = (link: GroupLink, elements: number) =>
    link.ranks > 1 ? exchangesSeconds(travelling(link, elements, undefined, 2, 1)) : 0
  const cut = shares ? gather(dataLink(context), model.hidden * Math.max(model.ffn, model.hidden)) : 0
  return Math.max(flops, most) / flopsPerSecond + gather(overTensor, gathered) + cut
}
