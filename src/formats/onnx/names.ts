/**
 * A name for every node, unique in its graph and independent of the order in the file: the node's own, its first output's when it
 * has none, and both together for nodes that share a name.
 */
export function uniqueNodeNames(
  nodes: readonly { readonly name: string; readonly outputs: readonly string[] }[],
  taken: Set<string>,
): string[] {
  // Where each name stands, or `shared` when it stands twice: every look-up of a hundred thousand names costs.
  const place = new Map<string, number>()
  const wanted = nodes.map((node) => node.name || firstOutput(node.outputs))
  wanted.forEach((name, i) => {
    place.set(name, place.has(name) ? shared : i)
  })
  const names: string[] = new Array(nodes.length)
  for (const [name, i] of place) {
    if (i === shared) continue
    const before = taken.size
    if (taken.add(name).size > before) names[i] = name
  }
  const repeats = new Map<string, number>()
  const contested = wanted.flatMap((_, i) => (names[i] === undefined ? [i] : []))
  contested.sort(
    (a, b) =>
      compare(firstOutput(nodes[a]!.outputs), firstOutput(nodes[b]!.outputs)) || compare(wanted[a]!, wanted[b]!),
  )
  for (const i of contested) {
    names[i] = freeName(`${wanted[i]}:${firstOutput(nodes[i]!.outputs)}`, taken, repeats)
  }
  return names
}

const shared = -1

/** Takes a name: as it is, else with a prime, else with a prime and a number. A file may give one name to every node: `repeats` keeps the count. */
export function freeName(wanted: string, taken: Set<string>, repeats: Map<string, number>): string {
  if (!taken.has(wanted)) {
    taken.add(wanted)
    return wanted
  }
  let name = wanted
  for (let n = repeats.get(wanted) ?? 0; taken.has(name); n++) {
    name = `${wanted}'${n || ''}`
    repeats.set(wanted, n + 1)
  }
  taken.add(name)
  return name
}

/** The module path in the torch exporter's `name_scopes`, a Python list whose last entry is the node itself: "['', 'h', 'h.0', 'addmm']". */
export function scopeModule(scopes: string): string | undefined {
  const entries = [...scopes.matchAll(/'([^']*)'|"([^"]*)"/g)].map((m) => m[1] ?? m[2] ?? '')
  return entries.slice(0, -1).filter(Boolean).at(-1)
}

/** The module path in a node name with scopes: "/layers/layers.0/attn/MatMul_1" is a MatMul in layers.0.attn. */
export function nameModule(name: string): string | undefined {
  const scopes = name.split('/').filter(Boolean).slice(0, -1)
  const path: string[] = []
  for (const scope of scopes) {
    // A container's child repeats the container's name: features, features.0, features.0.1.
    if (path.length > 0 && scope.startsWith(`${path.at(-1)}.`)) path.pop()
    path.push(scope)
  }
  return path.length > 0 ? path.join('.') : undefined
}

/** The module that owns a weight named as torch names them: "h.0.attn.c_attn.weight" belongs to h.0.attn.c_attn. */
export function weightModule(weight: string): string | undefined {
  const dot = weight.lastIndexOf('.')
  return dot > 0 ? weight.slice(0, dot) : undefined
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function firstOutput(outputs: readonly string[]): string {
  return outputs.find(Boolean) ?? 'node'
}
