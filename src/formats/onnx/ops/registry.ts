import { attention } from './attention.js'
import { constant } from './constant.js'
import { contrib } from './contrib.js'
import { conv } from './conv.js'
import { elementwise } from './elementwise.js'
import { gather } from './gather.js'
import { layout } from './layout.js'
import { matrix } from './matrix.js'
import { normalize } from './normalize.js'
import type { Operator } from './operator.js'
import { parts } from './parts.js'
import { pool } from './pool.js'
import { quantize } from './quantize.js'
import { recurrent } from './recurrent.js'
import { reduce } from './reduce.js'
import { resize } from './resize.js'
import { sequence } from './sequence.js'
import { shape } from './shape.js'
import { signal } from './signal.js'

/** Every operator the reader knows, by its full name. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  [
    attention,
    constant,
    contrib,
    conv,
    elementwise,
    gather,
    layout,
    matrix,
    normalize,
    parts,
    pool,
    quantize,
    recurrent,
    reduce,
    resize,
    sequence,
    shape,
    signal,
  ].flatMap((table) => Object.entries(table)),
)

export function findOperator(domain: string, type: string): Operator | undefined {
  return operators.get(qualifiedType(domain, type))
}

/** The operator type as the graph shows it: with its domain unless that is ai.onnx. */
export function qualifiedType(domain: string, type: string): string {
  return domain === '' ? type : `${domain}.${type}`
}
