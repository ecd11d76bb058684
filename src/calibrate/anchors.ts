/** Rows to fit, and how well the fit does on all rows. */
export interface AnchorChoice<T> {
  readonly anchors: readonly number[]
  readonly score: number
  readonly result: T
}

/**
 * The best of many random choices of rows to fit, `most` of each group (say each device). Which few rows are fitted is worth as much as a term of the model: ordinary
 * rows that differ in every degree serve best, extremes worst. `attempt` fits the rows and scores the result on all of them, less is better.
 */
export function chooseAnchors<T>(
  groups: readonly (readonly number[])[],
  most: number,
  { draws, swaps }: { readonly draws: number; readonly swaps: number },
  attempt: (anchors: readonly number[]) => { readonly score: number; readonly result: T },
): AnchorChoice<T> {
  const random = generator(0x5eed)
  const isForced = groups.every((rows) => rows.length <= most)
  let best: AnchorChoice<T> | undefined
  for (let draw = 0; draw < (isForced ? 1 : draws); draw++) {
    const anchors = groups.flatMap((rows) => pick(rows, most, random)).sort((a, b) => a - b)
    const { score, result } = attempt(anchors)
    if (!best || score < best.score) best = { anchors, score, result }
  }
  // Then swaps of single rows while they help.
  for (let swap = 0; best && !isForced && swap < swaps; swap++) {
    const group = groups[Math.floor(random() * groups.length)]
    const inside = group.filter((row) => best!.anchors.includes(row))
    const outside = group.filter((row) => !best!.anchors.includes(row))
    if (outside.length === 0) continue
    const leaving = inside[Math.floor(random() * inside.length)]
    const coming = outside[Math.floor(random() * outside.length)]
    const anchors = best.anchors.map((row) => (row === leaving ? coming : row)).sort((a, b) => a - b)
    const { score, result } = attempt(anchors)
    if (score < best.score) best = { anchors, score, result }
  }
  return best!
}

function pick(rows: readonly number[], most: number, random: () => number): readonly number[] {
  if (rows.length <= most) return rows
  const left = [...rows]
  return Array.from({ length: most }, () => left.splice(Math.floor(random() * left.length), 1)[0])
}

/** Numerical Recipes' linear congruence: choices must be the same on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
