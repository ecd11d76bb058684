import type { PlanDiff } from '../plan/diff/index.js'
import { causesOf, changeWords, decisionLines, otherChanges } from './diffWords.js'

/** Why a plan's figures moved: inputs that differ, then what is decided otherwise. A line each. */
export function gateCauses(diff: PlanDiff): string[] {
  const { decisions } = diff
  const others = otherChanges(decisions)
  const rest = others.length > mostOthers ? [`and ${others.length - mostOthers} more decisions`] : []
  return [
    ...causesOf(diff),
    ...decisionLines(decisions).map(([label, words]) => `${label}: ${words}`),
    ...others.slice(0, mostOthers).map(changeWords),
    ...rest,
  ]
}

/** `stowage diff` tells all. */
const mostOthers = 3
