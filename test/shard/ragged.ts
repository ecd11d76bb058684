import type { RaggedTensor } from '../../src/shard/index.js'

/** Whether no two tensors overlap, none passes the end, and no device boundary falls inside a block: by the definition, not as the planner counts. */
export function isSound(
  tensors: readonly RaggedTensor[],
  offsets: readonly number[],
  shard: number,
  devices: number,
): boolean {
  const spans = tensors
    .map(({ elements, granularity }, i) => ({ start: offsets[i], end: offsets[i] + elements, granularity }))
    .sort((a, b) => a.start - b.start)
  return spans.every(({ start, end, granularity }, i) => {
    if (start < 0 || end > devices * shard || (i > 0 && start < spans[i - 1].end)) return false
    for (let k = 1; k < devices; k++)
      if (k * shard > start && k * shard < end && (k * shard - start) % granularity !== 0) return false
    return true
  })
}

/** The least shard of all, by trying every order, every size and every start one after the other. */
export function leastShard(tensors: readonly RaggedTensor[], devices: number, unit: number): number {
  for (let shard = unit; ; shard += unit) if (fits(tensors, 0, shard, devices)) return shard
}

function fits(left: readonly RaggedTensor[], from: number, shard: number, devices: number): boolean {
  if (left.length === 0) return true
  return left.some((tensor, i) => {
    const rest = left.filter((_, j) => j !== i)
    for (let start = from; start + tensor.elements <= devices * shard; start++)
      if (isSound([tensor], [start], shard, devices)) return fits(rest, start + tensor.elements, shard, devices)
    return false
  })
}
