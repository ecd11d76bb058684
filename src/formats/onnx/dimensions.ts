import type { Dimension } from './model.js'

export type Bindings = ReadonlyMap<string, number>

/** A dimension's number, or the names that must be bound to know it. */
export type Resolved = { readonly value: number } | { readonly unbound: readonly string[] }

/**
 * Evaluates a dimension under bindings. Exporters write symbols ("batch"), expressions over them ("2*s0 + 1", "floor(s0/2)") and, for
 * "don't know", nothing at all or "?": such a dimension is bound by `place`, the input's name and the axis ("x.0").
 */
export function resolveDimension(dimension: Dimension, place: string, bind: Bindings): Resolved {
  if (typeof dimension === 'number' && dimension >= 0) return { value: dimension }
  if (typeof dimension === 'string') {
    const whole = bind.get(dimension)
    if (whole !== undefined) return { value: whole }
    const names = new Set<string>()
    const value = new Expression(dimension, (name) => {
      const bound = bind.get(name)
      if (bound === undefined) names.add(name)
      return bound ?? 1
    }).evaluate()
    if (value !== undefined) {
      if (names.size > 0) return { unbound: [...names] }
      if (value >= 0) return { value: Math.floor(value) }
    }
  }
  const placed = bind.get(place)
  return placed === undefined ? { unbound: [place] } : { value: placed }
}

/** The symbols in a dimension, to tell which names a file knows. */
export function dimensionSymbols(dimension: Dimension, place: string): readonly string[] {
  const resolved = resolveDimension(dimension, place, new Map())
  const names = 'unbound' in resolved ? resolved.unbound : []
  return typeof dimension === 'string' && !names.includes(dimension) ? [...names, dimension] : names
}

const functions: Readonly<Record<string, (a: number, b: number) => number>> = {
  floor: (a) => Math.floor(a),
  ceil: (a) => Math.ceil(a),
  ceiling: (a) => Math.ceil(a),
  abs: (a) => Math.abs(a),
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  mod: (a, b) => a - b * Math.floor(a / b),
  floordiv: (a, b) => Math.floor(a / b),
  cleandiv: (a, b) => Math.floor(a / b),
}

const operators: Readonly<Record<string, readonly [rank: number, apply: (a: number, b: number) => number]>> = {
  '+': [1, (a, b) => a + b],
  '-': [1, (a, b) => a - b],
  '*': [2, (a, b) => a * b],
  '/': [2, (a, b) => a / b],
  '//': [2, (a, b) => Math.floor(a / b)],
  '%': [2, (a, b) => a - b * Math.floor(a / b)],
  '**': [3, (a, b) => a ** b],
}

/** A precedence climber for the arithmetic of torch's and sympy's printers. Undefined when the text is anything else. */
class Expression {
  private readonly tokens: readonly string[]
  private at = 0
  private depth = 0

  constructor(
    text: string,
    private readonly symbol: (name: string) => number,
  ) {
    this.tokens = text.match(/\*\*|\/\/|[-+*/%(),]|\d+(\.\d+)?|[\p{L}_][\w.:]*(-[\p{L}_][\w.:]*)*|\S/gu) ?? []
  }

  evaluate(): number | undefined {
    const value = this.sum(0)
    return this.at === this.tokens.length && value !== undefined && Number.isFinite(value) ? value : undefined
  }

  private sum(rank: number): number | undefined {
    if (++this.depth > 50) return undefined
    let left = this.atom()
    for (;;) {
      const operator = operators[this.tokens[this.at] ?? '']
      if (!operator || operator[0] <= rank) break
      this.at++
      const right = this.sum(operator[0])
      if (left === undefined || right === undefined) return undefined
      left = operator[1](left, right)
    }
    this.depth--
    return left
  }

  private atom(): number | undefined {
    const token = this.tokens[this.at++]
    if (token === undefined) return undefined
    if (/^\d/.test(token)) return Number(token)
    if (token === '-') {
      const value = this.sum(2)
      return value === undefined ? undefined : -value
    }
    if (token === '(') return this.closed(this.sum(0))
    if (!/^[\p{L}_]/u.test(token)) return undefined
    if (this.tokens[this.at] !== '(') return this.symbol(token)
    this.at++
    const apply = functions[token.toLowerCase()]
    let value = this.sum(0)
    while (this.tokens[this.at] === ',') {
      this.at++
      const next = this.sum(0)
      if (value === undefined || next === undefined || !apply) return undefined
      value = apply(value, next)
    }
    const closed = this.closed(value)
    return closed === undefined || !apply ? undefined : apply.length === 1 ? apply(closed, 0) : closed
  }

  private closed(value: number | undefined): number | undefined {
    return this.tokens[this.at++] === ')' ? value : undefined
  }
}
