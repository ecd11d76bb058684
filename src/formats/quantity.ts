/** A figure as people write it: "2 s", "10%", "4 GiB". */
export interface Quantity {
  readonly value: number
  readonly unit: 'seconds' | 'bytes' | 'share'
}

/** A quantity with its unit; undefined for anything else, a number without a unit included. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([a-zµ%]+)\s*$/i.exec(text)
  const unit = match && Object.hasOwn(units, match[2]) ? units[match[2]] : undefined
  return match && unit ? { value: Number(match[1]) * unit[1], unit: unit[0] } : undefined
}

/** Letters count: ms is not Ms. */
const units: Readonly<Record<string, readonly [Quantity['unit'], number]>> = {
  s: ['seconds', 1],
  ms: ['seconds', 1e-3],
  us: ['seconds', 1e-6],
  µs: ['seconds', 1e-6],
  min: ['seconds', 60],
  '%': ['share', 0.01],
  B: ['bytes', 1],
  KB: ['bytes', 1e3],
  MB: ['bytes', 1e6],
  GB: ['bytes', 1e9],
  TB: ['bytes', 1e12],
  KiB: ['bytes', 2 ** 10],
  MiB: ['bytes', 2 ** 20],
  GiB: ['bytes', 2 ** 30],
  TiB: ['bytes', 2 ** 40],
}
