import type { StageDecision } from '../types.js'
import { foldMoves } from './foldMoves.js'
import { byName, countMoves } from './placementDiff.js'
import type { Move, StagesDiff } from './types.js'

/** Modules that moved from stage to stage, and stages on other devices. */
export function stagesDiff(base: readonly StageDecision[], head: readonly StageDecision[]): StagesDiff {
  const [from, to] = [stageOf(base), stageOf(head)]
  const names = [...new Set([...from.keys(), ...to.keys()])]
  const moves = names
    .map((name): Move => [name, from.get(name) ?? null, to.get(name) ?? null])
    .filter(([, old, now]) => old !== now)
    .sort(byName)
  return {
    base: base.length,
    head: head.length,
    ...countMoves(moves),
    groups: foldMoves(names, moves, () => undefined),
    devices: Array.from({ length: Math.max(base.length, head.length) }, (_, stage) => ({
      stage,
      base: base[stage]?.devices,
      head: head[stage]?.devices,
    })).filter((each) => each.base?.join() !== each.head?.join()),
  }
}

/** A module of several stages (tied tables) counts where it stands first. */
function stageOf(stages: readonly StageDecision[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  stages.forEach(({ modules }, stage) => {
    for (const name of modules) if (!found.has(name)) found.set(name, stage)
  })
  return found
}
