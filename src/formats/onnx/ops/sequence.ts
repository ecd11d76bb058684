import { CannotTell, type OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import type { Operators } from './operator.js'

/** Lists of tensors, as older exporters write `split` and `stack` over a dynamic number of parts; and optionals, which hold one. */
export const sequence: Operators = {
  SequenceConstruct: {
    infer: (c) =>
      list(
        c,
        c.inputs.map((_, i) => c.shape(i)),
        c.type(0),
      ),
    isFoldable: false,
  },
  SequenceEmpty: { infer: (c) => list(c, [], c.int('dtype', types.fp32)), isFoldable: false },
  SequenceInsert: {
    infer: (c) => {
      const elements = [...elementsOf(c)]
      elements.splice(c.has(2) ? position(c, 2, elements.length) : elements.length, 0, c.shape(1))
      list(c, elements, c.type(1))
    },
    isFoldable: false,
  },
  SequenceErase: {
    infer: (c) => {
      const elements = elementsOf(c)
      const at = c.has(1) ? position(c, 1, elements.length) : elements.length - 1
      list(c, elements.toSpliced(at, 1), c.type(0))
    },
    isFoldable: false,
  },
  SequenceAt: {
    infer: (c) => {
      const elements = elementsOf(c)
      const isUniform = new Set(elements.map(String)).size === 1
      const shape = elements[isUniform ? 0 : position(c, 1, elements.length)]
      if (!shape) return c.wrong(`a sequence of ${elements.length} tensors has no such element`)
      c.set(0, shape, c.type(0))
    },
    isFoldable: false,
  },
  SequenceLength: { infer: (c) => c.set(0, [], types.int64, [elementsOf(c).length]), isShapeOnly: true },
  SplitToSequence: { infer: splitToSequence, isFoldable: false },
  ConcatFromSequence: {
    infer: (c) => {
      const elements = elementsOf(c)
      const [first] = elements
      if (!first) throw new CannotTell('the sequence is empty')
      const isNew = c.int('new_axis', 0) === 1
      if (!isNew && first.length === 0) return c.wrong('scalars cannot be joined')
      const axis = c.axis(c.int('axis', 0), first.length + (isNew ? 1 : 0))
      const total = isNew ? elements.length : elements.reduce((sum, shape) => sum + shape[axis]!, 0)
      c.set(0, isNew ? first.toSpliced(axis, 0, total) : first.with(axis, total), c.type(0))
    },
    isFoldable: false,
  },
  Optional: {
    infer: (c) => {
      const [held] = c.inputs
      if (held?.elements) list(c, held.elements, held.type)
      else if (held) c.set(0, c.shape(0), c.type(0))
    },
    viewOf: () => 0,
  },
  OptionalGetElement: {
    infer: (c) => {
      const [held] = c.inputs
      if (held?.elements) list(c, held.elements, held.type)
      else c.set(0, c.shape(0), c.type(0))
    },
    viewOf: () => 0,
  },
  OptionalHasElement: { infer: (c) => c.set(0, [], types.bool, c.has(0) ? undefined : [0]) },
}

function list(c: OpContext, elements: readonly (readonly number[])[], type: number): void {
  const output = c.outputs[0]
  if (!output) return
  output.elements = elements
  output.type = type
}

function elementsOf(c: OpContext): readonly (readonly number[])[] {
  const { elements } = c.tensor(0)
  if (!elements) throw new CannotTell('the elements of a sequence are not known')
  return elements
}

function position(c: OpContext, input: number, length: number): number {
  const at = c.needed(input)[0] ?? 0
  return at < 0 ? at + length : at
}

function splitToSequence(c: OpContext): void {
  const shape = c.shape(0)
  if (shape.length === 0) c.wrong('a scalar cannot be split')
  const axis = c.axis(c.int('axis', 0), shape.length)
  const size = shape[axis]!
  const given = c.has(1) ? c.needed(1) : [1]
  const isList = c.has(1) && c.rank(1) === 1
  const step = given[0] ?? 1
  if (step < 1 || size / step > mostElements) c.wrong(`parts of ${step} of a dimension of ${size}`)
  const parts = isList
    ? given
    : Array.from({ length: Math.ceil(size / step) }, (_, i) => Math.min(step, size - i * step))
  const drops = !c.has(1) && c.int('keepdims', 1) === 0
  list(
    c,
    parts.map((part) => (drops ? shape.toSpliced(axis, 1) : shape.with(axis, part))),
    c.type(0),
  )
}

const mostElements = 4096
