import type { RunAction, RunProgram } from './lowerRun.js'

/** 1F1B, or interleaved 1F1B with several chunks a rank (arXiv 2104.04473, section 2.2). */
export function oneForwardOneBackward(ranks: number, chunks: number, microbatches: number): RunProgram {
  const stages = ranks * chunks
  const total = microbatches * chunks
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const action = (kind: 'F' | 'B', k: number): RunAction => {
      const group = Math.floor(k / stages)
      const within = k % stages
      const width = Math.min(ranks, microbatches - group * ranks)
      const chunk = Math.floor(within / width)
      const stage = (kind === 'F' ? chunk : chunks - 1 - chunk) * ranks + rank
      return { kind, stage, microbatch: group * ranks + (within % width) }
    }
    const warmup = Math.min(total, chunks === 1 ? ranks - 1 - rank : 2 * (ranks - 1 - rank) + (chunks - 1) * ranks)
    const list: RunAction[] = []
    for (let k = 0; k < warmup; k++) list.push(action('F', k))
    for (let k = warmup; k < total; k++) list.push(action('F', k), action('B', k - warmup))
    for (let k = total - warmup; k < total; k++) list.push(action('B', k))
    return list
  })
  return { stages, microbatches, stageRank: Int32Array.from({ length: stages }, (_, s) => s % ranks), actions }
}
