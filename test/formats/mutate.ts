/** Deterministic damage to files: bytes, cuts, and values of JSON documents that are legal JSON but wrong. */

/** Mulberry32: a number in [0, 1) each call, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One damaged copy. */
export function mutate(original: string | Uint8Array, random: () => number): Uint8Array {
  const bytes = typeof original === 'string' ? new TextEncoder().encode(original) : original.slice()
  const isDocument = bytes[0] === 0x7b
  if (isDocument && random() < 0.6)
    return new TextEncoder().encode(mutateDocument(new TextDecoder().decode(bytes), random))
  if (random() < 0.2) return bytes.subarray(0, pick(bytes.length, random))
  if (random() < 0.3) return spliced(bytes, random)
  for (let edits = 1 + pick(4, random); edits > 0; edits--) bytes[pick(bytes.length, random)] = pick(256, random)
  return bytes
}

function pick(count: number, random: () => number): number {
  return Math.floor(random() * count)
}

/** A piece of the file again, somewhere else. */
function spliced(bytes: Uint8Array, random: () => number): Uint8Array {
  const from = pick(bytes.length, random)
  const piece = bytes.subarray(from, from + pick(200, random))
  const at = pick(bytes.length, random)
  return Uint8Array.of(...bytes.subarray(0, at), ...piece, ...bytes.subarray(at))
}

const oddValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e18, 1e308, 2 ** 53, -(2 ** 31), 4294967296, '', 'x', '__proto__', 'constructor'],
  ...[
    's0**s0**s0',
    'Min(',
    '99999999999',
    [],
    {},
    [[]],
    [null],
    { ref: 'x' },
    { ref: { ref: 'x' } },
    '\u0000',
    '\ud800',
  ],
]

interface Slot {
  readonly holder: Record<string, unknown> | unknown[]
  readonly key: string | number
}

function mutateDocument(text: string, random: () => number): string {
  const root = { value: JSON.parse(text) as unknown }
  for (let edits = 1 + pick(3, random); edits > 0; edits--) {
    const slots = slotsOf(root)
    const { holder, key } = slots[pick(slots.length, random)]
    const other = slots[pick(slots.length, random)]
    const choice = random()
    const at = holder as Record<string | number, unknown>
    if (choice < 0.4) at[key] = structuredClone(oddValues[pick(oddValues.length, random)])
    else if (choice < 0.6) at[key] = structuredClone((other.holder as Record<string | number, unknown>)[other.key])
    else if (choice < 0.8 && Array.isArray(holder)) holder.splice(Number(key), 1, at[key], at[key])
    else if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else if (holder !== root) delete at[key]
  }
  return JSON.stringify(root.value) ?? ''
}

function slotsOf(root: Record<string, unknown>): Slot[] {
  const slots: Slot[] = []
  const pending: (Record<string, unknown> | unknown[])[] = [root]
  for (let holder = pending.pop(); holder; holder = pending.pop()) {
    for (const key of Object.keys(holder)) {
      slots.push({ holder, key })
      const inner = (holder as Record<string, unknown>)[key]
      if (typeof inner === 'object' && inner !== null) pending.push(inner as Record<string, unknown>)
    }
  }
  return slots
}
