import type { OpGraph } from './opGraph.js'

/**
 * The module path of each op. An op without one (exporters leave splits and casts nameless) belongs where its neighbours do: to the
 * longest path that those before and behind it share.
 */
export function modulesOf({ ops, outStart, edgeTo, inStart, inEdge, edgeFrom }: OpGraph): (string | undefined)[] {
  const stated = ops.map(({ module }) => module || undefined)
  return stated.map((module, op) => {
    if (module !== undefined) return module
    const neighbours = new Set<string | undefined>()
    for (let e = outStart[op]; e < outStart[op + 1]; e++) neighbours.add(stated[edgeTo[e]])
    for (let k = inStart[op]; k < inStart[op + 1]; k++) neighbours.add(stated[edgeFrom[inEdge[k]]])
    return neighbours.size === 0 || neighbours.has(undefined) ? undefined : sharedPath([...neighbours] as string[])
  })
}

/** The path down to the pattern's length, if each part of it matches: `transformer.h.*` takes transformer.h.3 of transformer.h.3.attn. */
export function matchingModule(module: string, pattern: string): string | undefined {
  const path = module.split('.')
  const parts = pattern.split('.')
  if (path.length < parts.length) return undefined
  return parts.every((part, i) => glob(part).test(path[i])) ? path.slice(0, parts.length).join('.') : undefined
}

/** The path down to its first number: the element of a list of layers. */
export function numberedModule(module: string): string | undefined {
  const path = module.split('.')
  const at = path.findIndex((part) => /^\d+$/.test(part))
  return at < 0 ? undefined : path.slice(0, at + 1).join('.')
}

export function sharedPath(modules: readonly string[]): string | undefined {
  const paths = modules.map((module) => module.split('.'))
  let length = 0
  while (paths[0].length > length && paths.every((path) => path[length] === paths[0][length])) length++
  return length === 0 ? undefined : paths[0].slice(0, length).join('.')
}

function glob(part: string): RegExp {
  return new RegExp(
    `^${part
      .split('*')
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
}
