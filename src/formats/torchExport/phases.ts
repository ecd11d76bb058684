import type { FxNode } from './nodes.js'

/**
 * Names of the nodes that belong to the backward pass: as the file says, or else by what the graph returns. In a joint graph of forward and
 * backward the forward pass is what the loss and the user's outputs need; the rest serves gradients only. (OutputKind of
 * torch.export's graph signature: LOSS_OUTPUT, USER_OUTPUT, GRADIENT_TO_PARAMETER, ...)
 */
export function backwardNodes(nodes: ReadonlyMap<string, FxNode>, outputs: unknown): ReadonlySet<string> {
  const marked = [...nodes.values()].filter((node) => node.phase === 'backward')
  if (marked.length > 0) return new Set(marked.map((node) => node.name))
  const returned = Array.isArray(outputs) ? outputs.filter(isReturned) : []
  const gradients = returned.filter(([kind]) => kind.startsWith('GRADIENT'))
  if (gradients.length === 0) return new Set([...nodes.values()].filter(isBackwardOperator).map((node) => node.name))
  const results = returned.filter(([kind]) => !kind.startsWith('GRADIENT'))
  const forward = needed(nodes, results)
  return new Set([...needed(nodes, gradients)].filter((name) => !forward.has(name)))
}

type Returned = readonly [kind: string, name: string]

function isReturned(value: unknown): value is Returned {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string'
}

function needed(nodes: ReadonlyMap<string, FxNode>, returned: readonly Returned[]): ReadonlySet<string> {
  const seen = new Set(returned.map(([, name]) => name).filter((name) => nodes.has(name)))
  for (const name of seen) for (const ref of nodes.get(name)!.refs) seen.add(ref)
  return seen
}

/** convolution_backward, _softmax_backward_data, ...: only autograd calls these. */
function isBackwardOperator({ operator }: FxNode): boolean {
  return /_backward(_|$)/.test(operator)
}
