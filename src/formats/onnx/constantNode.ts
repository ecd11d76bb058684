import { types } from './dataTypes.js'
import type { Attribute, Node } from './model.js'
import { type Frame, type Session, tensorName } from './session.js'
import { newTensor, type Tensor } from './tensor.js'
import { initializerTensor } from './weights.js'

/** The tensor of a Constant node, which is an initializer written as a node: a tensor or a bare number, list or string. */
export function constantTensor(
  session: Session,
  frame: Frame,
  local: string,
  attributes: readonly Attribute[],
): Tensor {
  const stored = attributes.find((a) => a.tensor)?.tensor
  if (stored) return initializerTensor(session, frame, { ...stored, name: local }, null)
  const given = attributes.find((a) => a.name.startsWith('value'))
  const numbers = given?.ints ?? given?.floats ?? [given?.int ?? given?.float ?? 0]
  const isList = given?.name.endsWith('s') ?? false
  const shape = isList ? [given?.texts?.length ?? (given?.ints || given?.floats ? numbers.length : 0)] : []
  const type = constantType(given?.name ?? '')
  const values = type === types.string ? undefined : numbers.slice(0, isList ? shape[0] : 1)
  return newTensor(tensorName(session, frame, local), type, shape, { values, isConstant: true, aliasOf: null })
}

export function isConstantNode(node: Node): boolean {
  return node.type === 'Constant' && node.domain === ''
}

/** value_int, value_ints, value_string, value_strings; all else holds floats. */
function constantType(attribute: string): number {
  if (attribute.startsWith('value_int')) return types.int64
  return attribute.startsWith('value_string') ? types.string : types.fp32
}
