/** Seconds with the unit that keeps one to three digits before the point: 1.930 s, 87.00 ms, 12.30 µs. */
export function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds)
  if (size === 0) return '0 s'
  if (size >= 0.9995) return `${fixed(seconds, 4)} s`
  if (size >= 0.9995e-3) return `${fixed(seconds * 1e3, 4)} ms`
  return `${fixed(seconds * 1e6, 4)} µs`
}

/** Memory in powers of 1024, as allocators count it: 49.2 GiB. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'])
}

/** Link and memory rates in powers of 1000, as data sheets quote them: 450 GB/s. */
export function formatBytesPerSecond(bytesPerSecond: number): string {
  return scaled(bytesPerSecond, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s', 'PB/s'])
}

/** Arithmetic: 3.26 TFLOP. */
export function formatFlops(flops: number): string {
  return scaled(flops, 1000, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP', 'PFLOP', 'EFLOP'])
}

/** Parameters and other large counts: 8.03 B. Below 10,000 all digits. */
export function formatCount(count: number): string {
  return count < 10_000 ? String(count) : scaled(count, 1000, ['', 'k', 'M', 'B', 'T'])
}

/** A share of one: 31.7 %. */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let scale = 0
  let rest = value
  // Rounding to three digits must not show 1000 or 1024 of a unit.
  while (Math.abs(rest) >= base - 0.5 && scale < units.length - 1) {
    rest /= base
    scale++
  }
  return `${scale === 0 && Number.isInteger(rest) ? rest : fixed(rest, 3)} ${units[scale]}`.trimEnd()
}

/** `digits` significant digits, never an exponent. */
function fixed(value: number, digits: number): string {
  return Math.abs(value) < 10 ** digits - 0.5 ? value.toPrecision(digits) : value.toFixed(0)
}
