import type { ExpertsDiff } from './types.js'

interface ExpertLayer {
  readonly layer: number | string
  /** Expert ids by device; an expert may have several slots. */
  readonly slots: readonly (readonly number[])[]
}

interface Experts {
  readonly layers?: readonly ExpertLayer[]
}

/** Slots that hold another expert, counted by device: their order on a device means nothing. */
export function expertsDiff({ layers: base = [] }: Experts, { layers: head = [] }: Experts): ExpertsDiff {
  const [old, now] = [slotsByLayer(base), slotsByLayer(head)]
  const names = new Set([...old.keys(), ...now.keys()])
  let [layers, gained, lost] = [0, 0, 0]
  for (const name of names) {
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []]
    const before = gained + lost
    for (let device = 0; device < Math.max(was.length, is.length); device++) {
      gained += surplus(is[device] ?? [], was[device] ?? [])
      lost += surplus(was[device] ?? [], is[device] ?? [])
    }
    if (gained + lost > before || old.has(name) !== now.has(name)) layers++
  }
  return { layers, of: names.size, gained, lost }
}

function slotsByLayer(layers: readonly ExpertLayer[]): ReadonlyMap<number | string, ExpertLayer['slots']> {
  return new Map(layers.map(({ layer, slots }) => [layer, slots]))
}

/** How many of `these` are left once each of `those` took its equal. */
function surplus(these: readonly number[], those: readonly number[]): number {
  const left = new Map<number, number>()
  for (const expert of those) left.set(expert, (left.get(expert) ?? 0) + 1)
  return these.filter((expert) => {
    const count = left.get(expert) ?? 0
    left.set(expert, count - 1)
    return count <= 0
  }).length
}
