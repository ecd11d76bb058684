import { fail } from '../../errors/index.js'

/** Sizes of dimensions, where exports write an integer or an expression of symbols: 768, "s70*s72", "Min(768, 768*s70)". */
export interface Sizes {
  /** NaN while a symbol is not bound, -1 for what is no size. */
  of(dimension: unknown): number
  /** Whether any dimension mentions the symbol. */
  has(symbol: string): boolean
  /** Throws E207 with the symbols that were asked for and not bound. */
  throwIfUnbound(where: string): void
}

/** Evaluates against the bound symbols; each text is parsed once. */
export function sizes(bind: ReadonlyMap<string, number>): Sizes {
  const known = new Map<string, number>()
  const used = new Set<string>()
  const unbound = new Set<string>()
  let isUnbound = false
  const lookUp = (symbol: string) => {
    used.add(symbol)
    const size = bind.get(symbol)
    if (size !== undefined) return size
    unbound.add(symbol)
    isUnbound = true
    return Number.NaN
  }
  return {
    of(dimension) {
      if (typeof dimension === 'number') return dimension
      if (typeof dimension !== 'string' || dimension.length > longestExpression) return -1
      const seen = known.get(dimension)
      if (seen !== undefined) return seen
      isUnbound = false
      const value = evaluate(dimension, lookUp)
      const size = Number.isNaN(value) && !isUnbound ? -1 : value
      known.set(dimension, size)
      return size
    },
    has: (symbol) => used.has(symbol),
    throwIfUnbound(where) {
      if (unbound.size === 0) return
      const names = [...unbound].sort()
      fail('E207', `the graph has unbound dimensions: ${names.join(', ')}`, {
        where,
        fix: `give --bind ${names.map((name) => `${name}=SIZE`).join(',')}`,
      })
    },
  }
}

/** Recursion goes no deeper than brackets do, and these are counted in characters. */
const longestExpression = 500

const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  Min: Math.min,
  Max: Math.max,
  Abs: Math.abs,
  Mod: floorMod,
  PythonMod: floorMod,
  FloorDiv: (a, b) => Math.floor(a / b),
  CleanDiv: (a, b) => a / b,
  CeilDiv: (a, b) => Math.ceil(a / b),
  TruncToInt: Math.trunc,
  CeilToInt: Math.ceil,
  FloorToInt: Math.floor,
  ToFloat: (a) => a,
}

function floorMod(a: number, b: number): number {
  return a - Math.floor(a / b) * b
}

/** The subset of Python that sympy prints for sizes; NaN for anything else. */
function evaluate(text: string, lookUp: (symbol: string) => number): number {
  const tokens = text.match(/\*\*|\/\/|[\w.]+|\S/g) ?? []
  let at = 0
  const take = (...wanted: string[]) => (wanted.includes(tokens[at]) ? tokens[at++] : undefined)
  const sum = (): number => {
    let value = product()
    for (let sign = take('+', '-'); sign; sign = take('+', '-'))
      value = sign === '+' ? value + product() : value - product()
    return value
  }
  const product = (): number => {
    let value = negation()
    for (let sign = take('*', '//', '/', '%'); sign; sign = take('*', '//', '/', '%')) {
      const right = negation()
      if (sign === '*') value *= right
      else if (sign === '%') value = floorMod(value, right)
      else value = sign === '//' ? Math.floor(value / right) : value / right
    }
    return value
  }
  const negation = (): number => (take('-') ? -negation() : power())
  const power = (): number => {
    const base = atom()
    return take('**') ? base ** negation() : base
  }
  const atom = (): number => {
    if (take('(')) {
      const value = sum()
      return take(')') ? value : Number.NaN
    }
    const token = tokens[at++] ?? ''
    if (/^\d+(\.\d+)?$/.test(token)) return Number(token)
    if (!/^[A-Za-z_]\w*$/.test(token)) return Number.NaN
    return take('(') ? call(token) : lookUp(token)
  }
  const call = (name: string): number => {
    const values = [sum()]
    while (take(',')) values.push(sum())
    return take(')') && Object.hasOwn(functions, name) ? functions[name](...values) : Number.NaN
  }
  const value = sum()
  return at === tokens.length ? value : Number.NaN
}
