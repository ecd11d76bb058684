import { Problems } from '../errors/index.js'
import { fieldChecker } from './fields.js'

/** An op-to-device map made elsewhere: {"op": device} or a list of [op, device]. Throws E105 for entries of another shape, E202 for repeats. */
export function readPlacementMap(value: unknown, where: string): ReadonlyMap<string, number> {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const map = new Map<string, number>()
  const entries = Array.isArray(value) ? value : Object.entries(check.record(value) ?? {})
  for (const entry of entries) {
    const [op, device] = Array.isArray(entry) ? entry : []
    if (typeof op !== 'string' || !Number.isInteger(device) || device < 0)
      check.wrong(typeof op === 'string' ? op : undefined, 'an op name and a device number', entry)
    else if (map.has(op)) problems.add('E202', `${op} is placed twice`, { where })
    else map.set(op, device)
  }
  problems.throwIfAny()
  return map
}
