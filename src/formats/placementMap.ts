import { Problems } from '../errors/index.js'
import { fieldChecker } from './fields.js'

/** An op-to-device map made elsewhere: {"op": device} or a list of [op, device]. Throws E105 for entries of another shape, E202 for repeats. */
export function readPlacementMap(value: unknown, where: string): ReadonlyMap<string, number> {
  const problems = new Problems()
  const check = fieldChecker(where, problems)
  const map = new Map<string, number>()
  const place = (op: unknown, device: unknown, entry: unknown) => {
    if (typeof op !== 'string' || !Number.isInteger(device) || (device as number) < 0)
      check.wrong(typeof op === 'string' ? op : undefined, 'an op name and a device number', entry)
    else if (map.has(op)) problems.add('E202', `${op} is placed twice`, { where })
    else map.set(op, device as number)
  }
  if (Array.isArray(value))
    for (const entry of value) {
      const [op, device] = Array.isArray(entry) ? entry : []
      place(op, device, entry)
    }
  else {
    const record = check.record(value) ?? {}
    // No list of a million entries beside the record and the map.
    for (const op in record) if (Object.hasOwn(record, op)) place(op, record[op], [op, record[op]])
  }
  problems.throwIfAny()
  return map
}
