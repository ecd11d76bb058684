import type { OpDescription, ParameterDescription } from '../../graph/index.js'
import type { FxNode } from './nodes.js'
import type { Tensors } from './tensors.js'

/** Which op holds each parameter and buffer, and which ops must share a device because they share a parameter. */
export interface ParameterOwnership {
  readonly parameters: readonly ParameterDescription[]
  /** Parameters that no op reads, by their full names. */
  readonly unused: readonly string[]
  ofOp(name: string): Pick<OpDescription, 'parameterBytes' | 'colocationGroup'>
}

/**
 * The first op that reads a parameter, through views, holds it; the others that read it join its colocation group, named after the first of
 * the parameters that tie them. Buffers (running statistics, masks) have an owner too, but tie nobody: they are small or equal everywhere.
 */
export function ownParameters(nodes: ReadonlyMap<string, FxNode>, tensors: Tensors): ParameterOwnership {
  const readers = readersOf(nodes, tensors)
  const bytes = new Map<string, number>()
  const parameters: ParameterDescription[] = []
  const unused: string[] = []
  const tie = groups()
  for (const node of nodes.values()) {
    if (!isHeld(node)) continue
    const fqn = node.fqn ?? node.name
    const [owner, ...others] = readers.get(node) ?? []
    if (owner === undefined) {
      if (node.inputKind === 'PARAMETER') unused.push(fqn)
      continue
    }
    bytes.set(owner, (bytes.get(owner) ?? 0) + node.outputs.reduce((sum, meta) => sum + meta.bytes, 0))
    if (node.inputKind !== 'PARAMETER') continue
    for (const other of others) tie.join(owner, other, fqn)
    const { shape, type } = node.outputs[0]
    const dot = fqn.lastIndexOf('.')
    parameters.push({
      name: fqn,
      shape,
      dtype: type.name,
      op: owner,
      ...(others.length && { readers: [owner, ...others].sort() }),
      ...(dot > 0 && { module: fqn.slice(0, dot) }),
    })
  }
  return {
    parameters,
    unused,
    ofOp(name) {
      const held = bytes.get(name)
      const group = tie.nameOf(name)
      return { ...(held && { parameterBytes: held }), ...(group !== undefined && { colocationGroup: group }) }
    },
  }
}

function isHeld({ isPlaceholder, inputKind, outputs }: FxNode): boolean {
  return (
    isPlaceholder &&
    outputs.length > 0 &&
    (inputKind === 'PARAMETER' || inputKind === 'BUFFER' || inputKind === 'CONSTANT_TENSOR')
  )
}

/** Ops that work on a placeholder, in the graph's order; views of it are looked through. */
function readersOf(nodes: ReadonlyMap<string, FxNode>, tensors: Tensors): ReadonlyMap<FxNode, readonly string[]> {
  const readers = new Map<FxNode, string[]>()
  for (const node of nodes.values()) {
    if (!tensors.isOp(node) || tensors.aliasOf(node, 0) !== undefined) continue
    for (const root of new Set(node.refs.map((ref) => tensors.rootOf(ref)))) {
      if (!isHeld(root)) continue
      const list = readers.get(root)
      if (list) list.push(node.name)
      else readers.set(root, [node.name])
    }
  }
  return readers
}

/** Union-find over op names; a group is named after the parameter that first tied any two of its members. */
function groups() {
  const leader = new Map<string, string>()
  const label = new Map<string, string>()
  const find = (op: string): string => {
    let at = op
    for (let next = leader.get(at); next !== undefined; next = leader.get(at)) at = next
    if (at !== op) leader.set(op, at)
    return at
  }
  return {
    join(a: string, b: string, fqn: string) {
      const [first, second] = [find(a), find(b)]
      const name = label.get(first) ?? label.get(second) ?? fqn
      if (first !== second) leader.set(second, first)
      label.set(first, name)
    },
    nameOf: (op: string) => label.get(find(op)),
  }
}
