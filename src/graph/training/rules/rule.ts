import type { OpDescription, OutputDescription } from '../../description.js'

/**
 * Which forward tensors a backward op reads, and so keeps alive:
 * `inputs` every float input; `partners` of each operand that wants a gradient the other float inputs; `indices` inputs of integers and
 * booleans; `output` the first output; `marks` outputs of integers and booleans (chosen indices, masks).
 */
export type Kept = 'inputs' | 'partners' | 'indices' | 'output' | 'marks'

/** How one kind of forward op is differentiated. Weights are read too, but they are there anyway. */
export interface BackwardRule {
  readonly keeps: readonly Kept[]
  /** Backward operations over those of the forward op; of a product, for each gradient. */
  readonly work: number
  /** Two operands multiplied and summed: each gradient is again one such product with the other operand. */
  readonly isProduct?: true
  /** Rows of a table by index: reads a table that another op may own. */
  readonly isLookup?: true
  /** The gradient of an input as large as the output is the output's gradient itself: no op, no copy. */
  readonly passes?: true
  /** Nothing flows back through it. */
  readonly stops?: true
  /** Bytes that the forward op leaves for its backward op beside its own inputs and outputs. */
  readonly leaves?: (op: Shapes) => number
  /** Set where nothing is known of the type. */
  readonly unmodelled?: string
}

export interface Shapes {
  readonly op: OpDescription
  readonly inputs: readonly OutputDescription[]
  readonly outputs: readonly OutputDescription[]
  readonly hasWeight: boolean
}

export type BackwardRules = Readonly<Record<string, BackwardRule>>

/** One rule for many types, as ONNX or torch spell them. */
export function each(rule: BackwardRule, types: string): BackwardRules {
  return Object.fromEntries(
    types
      .trim()
      .split(/\s+/)
      .map((type) => [typeKey(type), rule]),
  )
}

/**
 * One key for one operation: MatMul, com.microsoft.MatMul, aten.matmul.default and torch.ops.aten.matmul.default are all "matmul",
 * aten._softmax and Softmax are "softmax", aten.relu_ (in place) is "relu".
 */
export function typeKey(type: string): string {
  const path = type.split('.')
  const aten = path.findIndex((part) => part === 'aten' || part === 'prims')
  const name = aten >= 0 && aten + 1 < path.length ? path[aten + 1] : path[path.length - 1]
  return name.replaceAll('_', '').toLowerCase()
}
