export function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** Infinity beyond what a double counts exactly: no shard is a multiple of it. */
export function lcm(a: number, b: number): number {
  if (!Number.isFinite(a)) return a
  const product = (a / gcd(a, b)) * b
  return product <= Number.MAX_SAFE_INTEGER ? product : Number.POSITIVE_INFINITY
}

export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step
}
