import { fail } from '../../errors/index.js'
import { runControlFlow } from './control.js'
import { type FunctionBody, functionKey, type Graph, type Node, type ValueInfo } from './model.js'
import { nameModule, uniqueNodeNames } from './names.js'
import { qualifiedType } from './ops/registry.js'
import { orderNodes } from './order.js'
import { runOp } from './runOp.js'
import { attributesOf, countStep, type Frame, isKnown, lookUp, opName, type Session } from './session.js'
import type { Tensor, Weight } from './tensor.js'
import { initializerTensor } from './weights.js'

/** An op with its cost: what the description shows of a node. */
export interface CostedOp {
  readonly name: string
  readonly type: string
  readonly module?: string
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  readonly weights: readonly Weight[]
  readonly flops: number
  readonly matrixFlops: number
  readonly bytesAccessed: number
  readonly dtype?: string
  readonly unmodelled?: string
  /** Of a control-flow op: the ops of its bodies that are not modelled. */
  readonly inside?: readonly CostedOp[]
}

/** Runs a graph's nodes in order, collecting their costs in the frame's sink. The frame's scope already holds the graph's inputs. */
export function runGraph(session: Session, frame: Frame, graph: Graph): void {
  for (const info of graph.initializers) {
    if (info.name === '' || frame.scope.has(info.name)) continue
    frame.scope.set(info.name, initializerTensor(session, frame, info))
  }
  runNodes(session, frame, graph.nodes)
}

/** The value_info of a graph, its outputs' included, by name. */
export function infoByName(...lists: readonly (readonly ValueInfo[])[]): ReadonlyMap<string, ValueInfo> {
  return new Map(lists.flatMap((list) => list.map((info) => [info.name, info] as const)))
}

function runNodes(session: Session, frame: Frame, nodes: readonly Node[]): void {
  // Inputs are ops too, named as their tensors, before any node is.
  const names = uniqueNodeNames(nodes, new Set(frame.prefix === '' ? session.opNames : []))
  for (const i of orderNodes(
    nodes,
    names.map((name) => frame.prefix + name),
    (name) => isKnown(frame, name),
    (name) => frame.scope.has(name),
  )) {
    countStep(session)
    runNode(session, frame, nodes[i]!, opName(session, frame.prefix + names[i]!))
  }
}

function runNode(session: Session, frame: Frame, node: Node, name: string): void {
  const body = session.functions.get(functionKey(node.domain, node.type, node.overload))
  if (body) runFunction(session, frame, node, name, body)
  else if (!runControlFlow(session, frame, node, name, runGraph)) runOp(session, frame, node, name)
}

/** A call of a model-local function is replaced by its body: once per call, named under the call. */
function runFunction(session: Session, frame: Frame, node: Node, name: string, body: FunctionBody): void {
  const key = qualifiedType(body.domain, body.name) + (body.overload && `:${body.overload}`)
  if (frame.callers.includes(key))
    fail('E201', `function ${key} calls itself`, { where: `node ${name}`, found: [...frame.callers, key].join(' -> ') })
  if (frame.callers.length >= deepestCall)
    fail('E107', `functions nest deeper than ${deepestCall}`, { where: `node ${name}` })
  const scope = new Map<string, Tensor | undefined>()
  body.inputs.forEach((formal, i) => {
    const actual = node.inputs[i]
    scope.set(formal, actual ? lookUp(frame, actual) : undefined)
  })
  const outputs = body.outputs
    .map((formal, i) => [formal, node.outputs[i] ?? ''] as const)
    .filter(([, outer]) => outer !== '')
  const outerInfo = outputs.flatMap(([formal, outer]) => {
    const info = frame.valueInfo.get(outer)
    return info ? [{ ...info, name: formal }] : []
  })
  const inner: Frame = {
    scope,
    prefix: `${name}/`,
    opsets: body.opsets.size > 0 ? body.opsets : session.modelOpsets,
    attributes: new Map([...body.defaults, ...attributesOf(frame, node)].map((a) => [a.name, a])),
    sink: frame.sink,
    rename: new Map(outputs.map(([formal, outer]) => [formal, frame.rename.get(outer) ?? frame.prefix + outer])),
    valueInfo: infoByName(outerInfo, body.valueInfo),
    module: node.module ?? nameModule(node.name) ?? frame.module,
    callers: [...frame.callers, key],
  }
  runNodes(session, inner, body.nodes)
  for (const [formal, outer] of outputs) frame.scope.set(outer, lookUp(inner, formal))
}

const deepestCall = 64
