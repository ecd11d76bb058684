import { fail } from '../errors/index.js'

/** Where a tensor may be cut: between so many rows, slices of dim 0, trailing matrices, or anywhere. */
export type Granularity = { readonly rows: number } | 'dim0' | 'matrix' | 'element'

/** Elements of a block. A tensor of one dim, or none, may be cut anywhere; rows are those of the 2-D view whose width is the last dim. */
export function blockElements(shape: readonly number[], granularity: Granularity): number {
  if (shape.length < 2 || granularity === 'element') return 1
  if (granularity === 'dim0') return product(shape.slice(1))
  if (granularity === 'matrix') return product(shape.slice(-2))
  return Math.min(granularity.rows, product(shape.slice(0, -1))) * shape.at(-1)!
}

export function product(shape: readonly number[]): number {
  return shape.reduce((elements, dim) => elements * dim, 1)
}

/** rows:N, dim0, matrix or element. Throws E105 for anything else. */
export function parseGranularity(text: string, where: string): Granularity {
  if (text === 'dim0' || text === 'matrix' || text === 'element') return text
  const rows = Number(/^rows:(\d+)$/.exec(text)?.[1])
  if (Number.isSafeInteger(rows) && rows > 0) return { rows }
  return fail('E105', `${text} is no granularity`, {
    where,
    expected: 'rows:N, dim0, matrix or element',
    found: text,
  })
}

/** A granularity for the parameters whose name fits a pattern, in which * stands for anything. */
export interface GranularityRule {
  readonly pattern: string
  readonly granularity: Granularity
}

/** [PATTERN=]GRANULARITY; without a pattern it is of all parameters. */
export function parseGranularityRule(text: string, where: string): GranularityRule {
  const split = text.lastIndexOf('=')
  return {
    pattern: split < 0 ? '*' : text.slice(0, split),
    granularity: parseGranularity(text.slice(split + 1), where),
  }
}

/** The granularity of the last rule that fits a name; whole rows where none does. */
export function granularityOf(name: string, rules: readonly GranularityRule[]): Granularity {
  return rules.findLast(({ pattern }) => fits(pattern, name))?.granularity ?? { rows: 1 }
}

/** By parts between the stars, first come first: no backtracking, whatever the pattern. */
function fits(pattern: string, name: string): boolean {
  const [head, ...parts] = pattern.split('*')
  const tail = parts.pop()
  if (tail === undefined) return name === pattern
  if (!name.startsWith(head)) return false
  let from = head.length
  for (const part of parts) {
    const at = name.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return name.length - tail.length >= from && name.endsWith(tail)
}
