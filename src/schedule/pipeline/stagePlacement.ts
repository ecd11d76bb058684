/** Stages run round the ranks again and again: stage s is on rank s mod p. */
export function loopPlacement(ranks: number, chunks: number): Int32Array {
  return Int32Array.from({ length: ranks * chunks }, (_, stage) => stage % ranks)
}

/** Stages run down the ranks and up again, so the last stage is on the first rank. */
export function vPlacement(ranks: number): Int32Array {
  return Int32Array.from({ length: 2 * ranks }, (_, stage) => Math.min(stage, 2 * ranks - 1 - stage))
}
