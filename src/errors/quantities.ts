const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const
const secondUnits = [
  ['s', 1],
  ['ms', 1e-3],
  ['us', 1e-6],
  ['ns', 1e-9],
] as const

/** Bytes in the largest binary unit that leaves at least 1, four significant digits: 1536 -> "1.500 KiB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unlimited'
  let value = Math.abs(bytes)
  let unit = 0
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024
    unit++
  }
  const sign = bytes < 0 ? '-' : ''
  return unit === 0
    ? `${sign}${Number.isInteger(value) ? value : value.toFixed(1)} B`
    : `${sign}${fourDigits(value)} ${byteUnits[unit]}`
}

/** Seconds in the largest unit that leaves at least 1, four significant digits: 0.00123 -> "1.230 ms". */
export function formatSeconds(seconds: number): string {
  if (seconds === 0 || !Number.isFinite(seconds)) return `${seconds} s`
  const [name, size] = secondUnits.find(([, each]) => Math.abs(seconds) >= each) ?? secondUnits[secondUnits.length - 1]
  return `${fourDigits(seconds / size)} ${name}`
}

/** A count in thousands, millions, ...: 124439808 -> "124.4 M". */
export function formatCount(count: number): string {
  const scale = [
    ['E', 1e18],
    ['P', 1e15],
    ['T', 1e12],
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const
  const step = scale.find(([, size]) => Math.abs(count) >= size)
  return step ? `${fourDigits(count / step[1])} ${step[0]}` : String(Math.round(count * 100) / 100)
}

function fourDigits(value: number): string {
  const digits = Math.floor(Math.log10(Math.abs(value)) + 1e-12) + 1
  return value.toFixed(Math.max(0, 4 - Math.max(1, digits)))
}
