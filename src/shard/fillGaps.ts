import type { Arrangement, Kind } from './types.js'

/**
 * Adds tensors that may be cut anywhere to an arrangement of those that may not: the largest first, each into the tightest gap that holds it, the rest
 * behind the end. Undefined where the buffer is too short.
 */
export function fillGaps(
  { shardElements, kinds: laid, starts }: Arrangement,
  kinds: readonly Kind[],
  loose: readonly number[],
  devices: number,
): Arrangement | undefined {
  const pieces = laid.map((kind, i) => ({ kind, start: starts[i] }))
  let end = 0
  const gaps: { start: number; elements: number }[] = []
  for (const { kind, start } of pieces) {
    if (start > end) gaps.push({ start: end, elements: start - end })
    end = start + kinds[kind].elements
  }
  for (const kind of [...loose].sort((a, b) => kinds[b].elements - kinds[a].elements)) {
    const { elements, count } = kinds[kind]
    for (let n = 0; n < count; n++) {
      let tightest: (typeof gaps)[number] | undefined
      for (const gap of gaps)
        if (gap.elements >= elements && gap.elements < (tightest?.elements ?? Number.POSITIVE_INFINITY)) tightest = gap
      pieces.push({ kind, start: tightest?.start ?? end })
      if (!tightest) end += elements
      else {
        tightest.start += elements
        tightest.elements -= elements
      }
    }
  }
  if (end > devices * shardElements) return undefined
  pieces.sort((a, b) => a.start - b.start)
  return { shardElements, kinds: pieces.map(({ kind }) => kind), starts: pieces.map(({ start }) => start) }
}
