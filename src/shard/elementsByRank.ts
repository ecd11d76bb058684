/** What each rank holds of a tensor: its offset in the buffer decides. Only as long as asked for; a tensor lies on neighbouring ranks. */
export function elementsByRank(offset: number, elements: number, shardElements: number, devices: number): number[] {
  return Array.from({ length: devices }, (_, rank) => {
    const [from, to] = [rank * shardElements, (rank + 1) * shardElements]
    return Math.max(0, Math.min(to, offset + elements) - Math.max(from, offset))
  })
}
