/** A document of which the long lists are cut to one stretch of theirs. */
export interface Part {
  readonly value: unknown
  /** Where a path in this part leads in the whole document. */
  originalPath(path: readonly PropertyKey[]): readonly PropertyKey[]
}

/**
 * A document in parts that together hold every entry of its long lists and records, the rest in each: zod makes an issue of every
 * wrong entry before it says so, half a kilobyte each, so millions of them are checked a stretch at a time and the first bad
 * stretch is the last. Without a long list there is nothing to check in parts.
 */
export function* inParts(value: unknown): Generator<Part> {
  const longest = longestList(value)
  for (let start = 0; start === 0 || start < longest; start += stretch) {
    const cut = longest > stretch ? cutter(start) : undefined
    yield {
      value: cut ? cut.cut(value) : value,
      originalPath: (path) => (cut ? cut.originalPath(value, path) : path),
    }
  }
}

const stretch = 10_000

/** Nesting below is not looked into: no document of ours is so deep. */
const deepest = 32

function longestList(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > deepest) return 0
  const entries: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return entries.reduce<number>((most, each) => Math.max(most, longestList(each, depth + 1)), entries.length)
}

/** Lists shorter than `start` show their beginning again. */
function cutter(start: number) {
  const from = (length: number) => (start < length ? start : 0)
  const cut = (value: unknown, depth = 0): unknown => {
    if (typeof value !== 'object' || value === null || depth > deepest) return value
    if (Array.isArray(value)) {
      const at = from(value.length)
      return value.slice(at, at + stretch).map((each) => cut(each, depth + 1))
    }
    const keys = Object.keys(value)
    const at = from(keys.length)
    const record = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(keys.slice(at, at + stretch).map((key) => [key, cut(record[key], depth + 1)]))
  }
  return {
    cut: (value: unknown) => cut(value),
    originalPath(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
      let at = value
      return path.map((step) => {
        const original = Array.isArray(at) && typeof step === 'number' ? step + from(at.length) : step
        at = (at as Record<PropertyKey, unknown> | undefined)?.[original]
        return original
      })
    },
  }
}
