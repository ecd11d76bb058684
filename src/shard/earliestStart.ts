/**
 * The first place at or after `from` where a tensor may lie so that every device boundary inside it falls between two of its blocks; Infinity if there
 * is none. Closed form, for the wait never lasts beyond two boundaries: two boundaries inside one tensor are a shard apart, so unless the granularity
 * divides the shard there is one at most. For a fixed order, taking every tensor's earliest start is optimal.
 */
export function earliestStart(from: number, elements: number, granularity: number, shard: number): number {
  const past = from % shard
  const room = shard - past
  if (elements <= room || granularity === 1) return from
  const start = from + (room % granularity)
  const slip = shard % granularity
  if (slip === 0) return start
  const boundary = from + room
  if (start + elements <= boundary + shard) return start
  if (elements <= shard) return boundary
  return slip + elements <= 2 * shard ? boundary + slip : Number.POSITIVE_INFINITY
}
