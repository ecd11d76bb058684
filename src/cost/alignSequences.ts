/** Pairs of positions (left, right) with the same class, in order on both sides. */
export type Pairs = readonly (readonly [left: number, right: number])[]

/**
 * The longest common subsequence of two class sequences; among the longest the one that pairs most of the weight of `right`.
 * (Needleman and Wunsch, 1970, without penalties.) Sequences too long for the table are paired greedily from the front.
 */
export function alignSequences(left: readonly string[], right: readonly string[], weight: readonly number[]): Pairs {
  if (left.length * right.length > largestTable) return alignGreedily(left, right)
  const all = weight.reduce((sum, each) => sum + each, 0) || 1
  const width = right.length + 1
  const best = new Float64Array((left.length + 1) * width)
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const paired = left[i] === right[j] ? best[(i + 1) * width + j + 1] + 1 + weight[j] / all : 0
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j], best[i * width + j + 1])
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const here = best[i * width + j]
    if (here === best[(i + 1) * width + j]) i++
    else if (here === best[i * width + j + 1]) j++
    else pairs.push([i++, j++])
  }
  return pairs
}

/** 32 MB. */
const largestTable = 4e6
/** How far ahead the greedy way looks for a partner. */
const lookAhead = 256

function alignGreedily(left: readonly string[], right: readonly string[]): Pairs {
  const pairs: [number, number][] = []
  let next = 0
  for (let j = 0; j < right.length && next < left.length; j++) {
    const end = Math.min(left.length, next + lookAhead)
    for (let i = next; i < end; i++) {
      if (left[i] !== right[j]) continue
      pairs.push([i, j])
      next = i + 1
      break
    }
  }
  return pairs
}
