import { formatCount } from '../errors/index.js'

export { formatBytes, formatCount, formatSeconds } from '../errors/index.js'

/** Link and memory rates in powers of 1000, as data sheets quote them: 450.0 GB/s. */
export function formatBytesPerSecond(bytesPerSecond: number): string {
  return `${withPrefix(bytesPerSecond)}B/s`
}

/** Arithmetic: 3.260 TFLOP. */
export function formatFlops(flops: number): string {
  return `${withPrefix(flops)}FLOP`
}

/** A share of one: 31.7 %. */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** A unit follows its prefix at once, and a space the bare number. */
function withPrefix(value: number): string {
  const count = formatCount(value)
  return count.includes(' ') ? count : `${count} `
}
