import type { OpDescription } from '../../description.js'
import { attention } from './attention.js'
import { elementwise } from './elementwise.js'
import { layout } from './layout.js'
import { matrix } from './matrix.js'
import { normalize } from './normalize.js'
import { pool } from './pool.js'
import { recurrent } from './recurrent.js'
import { reduce } from './reduce.js'
import { type BackwardRule, typeKey } from './rule.js'

/** How the op is differentiated. A type that no table knows keeps all that it read and made and costs twice its forward pass, and says so. */
export function backwardRule(op: OpDescription): BackwardRule {
  return rules.get(typeKey(op.type)) ?? unknown
}

const unknown: BackwardRule = {
  keeps: ['inputs', 'indices', 'output', 'marks'],
  work: 2,
  unmodelled: 'backward by default rule',
}

const rules: ReadonlyMap<string, BackwardRule> = new Map(
  [attention, elementwise, layout, matrix, normalize, pool, recurrent, reduce].flatMap((table) =>
    Object.entries(table),
  ),
)

export type { BackwardRule, Kept } from './rule.js'
