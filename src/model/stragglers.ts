import { fail } from '../errors/index.js'

/** Devices that are slower or faster than their kind. A speed of 0.8 does in a second what the kind does in 0.8. */
export interface Stragglers {
  /** Speed by device number. */
  readonly speeds: Readonly<Record<string, number>>
  /** All devices differ: the logarithm of speed is normal with this deviation, drawn from the seed and the device's number alone. */
  readonly spread?: { readonly sigma: number; readonly seed: number }
}

/** How many times as long as its kind each device takes. E608 for a device that is not there. */
export function deviceSlowness({ speeds, spread }: Stragglers, devices: number, where: string): Float64Array {
  const slowness = new Float64Array(devices).fill(1)
  if (spread)
    for (let device = 0; device < devices; device++)
      slowness[device] = Math.exp(spread.sigma * normal(spread.seed, device))
  for (const [name, speed] of Object.entries(speeds)) {
    const device = Number(name)
    if (!Number.isInteger(device) || device < 0 || device >= devices)
      fail('E608', `there is no device ${name}`, {
        where: `${where}/speeds/${name}`,
        expected: `0 to ${devices - 1}`,
        found: name,
      })
    slowness[device] /= speed
  }
  return slowness
}

/** A standard normal number (Box and Muller, 1958) of two hashed counters: the same whatever else is drawn. */
function normal(seed: number, counter: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(seed, 2 * counter)))
  return radius * Math.cos(2 * Math.PI * uniform(seed, 2 * counter + 1))
}

/** Above 0, at most 1: counters mixed by the finaliser of MurmurHash3 (Appleby, public domain). */
function uniform(seed: number, counter: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(counter + 1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 + 2 ** -33
}
