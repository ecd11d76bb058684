import { fail } from '../../errors/index.js'
import type { ValueChange } from './types.js'

/**
 * Every value that differs, by its path: objects key by key, lists of objects by position, other lists as one value. Sorted by path as both sides have
 * it, and complete: setting each `head`, or removing what has none, from the last to the first, makes the head of the base.
 */
export function valueChanges(
  base: object,
  head: object,
  path: ValueChange['path'] = [],
  except: (path: ValueChange['path']) => boolean = () => false,
): ValueChange[] {
  if (path.length > deepest) fail('E105', 'values are nested too deeply to compare', { where: `/${path.join('/')}` })
  return keysOf(base, head).flatMap((key): ValueChange[] => {
    const at = [...path, key]
    if (except(at)) return []
    const [old, now] = [own(base, key), own(head, key)]
    if (isParted(old) && isParted(now) && Array.isArray(old) === Array.isArray(now))
      return valueChanges(old, now, at, except)
    if (isEqual(old, now)) return []
    return [{ path: at, ...(old !== undefined && { base: old }), ...(now !== undefined && { head: now }) }]
  })
}

/** Plans nest less than ten levels; more comes from hostile files. */
const deepest = 64

function keysOf(base: object, head: object): (string | number)[] {
  if (Array.isArray(base) && Array.isArray(head))
    return Array.from({ length: Math.max(base.length, head.length) }, (_, i) => i)
  return [...new Set([...Object.keys(base), ...Object.keys(head)])].sort()
}

function own(value: object, key: string | number): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined
}

/** Compared part by part: objects, and lists of them. A list of scalars, or of lists of scalars, is one value. */
function isParted(value: unknown): value is object {
  if (!Array.isArray(value)) return isObject(value)
  return value.some((each) => isObject(each) && !(Array.isArray(each) && !each.some(isObject)))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((each, i) => isEqual(each, b[i]))
}
