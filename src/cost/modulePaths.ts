/**
 * Which modules a graph and a trace have in common, though one may call the model `m` or `module` and the other nothing at all: up to two leading
 * steps are left out of the paths of either side, as few as make most paths meet.
 */
export interface CommonModules {
  /** The innermost common module that an op of this module of the graph lies in; '' for none. */
  ofGraph(module: string): string
  /** The common name of a module of the trace, if it is common. */
  ofTrace(module: string): string | undefined
}

export function commonModules(graph: ReadonlySet<string>, trace: ReadonlySet<string>): CommonModules {
  let best = { count: 0, graphSkip: 0, traceSkip: 0 }
  for (const [graphSkip, traceSkip] of skips) {
    const prefixes = withPrefixes([...graph].map((path) => skip(path, graphSkip)))
    const count = [...trace].filter((path) => prefixes.has(skip(path, traceSkip))).length
    if (count > best.count) best = { count, graphSkip, traceSkip }
  }
  const { graphSkip, traceSkip } = best
  const prefixes = withPrefixes([...graph].map((path) => skip(path, graphSkip)))
  const common = new Set(
    [...trace].map((path) => skip(path, traceSkip)).filter((path) => path !== '' && prefixes.has(path)),
  )
  return {
    ofGraph(module) {
      let path = skip(module, graphSkip)
      while (path !== '' && !common.has(path)) path = path.slice(0, Math.max(0, path.lastIndexOf('.')))
      return path
    },
    ofTrace(module) {
      const path = skip(module, traceSkip)
      return common.has(path) ? path : undefined
    },
  }
}

const skips = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [0, 2],
] as const

/** No model nests deeper; longer paths come from hostile files. */
const deepestPath = 64

function skip(path: string, steps: number): string {
  return path
    .split('.')
    .slice(steps, steps + deepestPath)
    .join('.')
}

function withPrefixes(paths: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>()
  for (const path of paths) {
    for (let end = path.length; end > 0 && !all.has(path.slice(0, end)); end = path.lastIndexOf('.', end - 1))
      all.add(path.slice(0, end))
  }
  return all
}
