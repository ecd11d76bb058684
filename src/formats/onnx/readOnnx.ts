import { fail, nearNames } from '../../errors/index.js'
import type { GraphDescription } from '../../graph/description.js'
import type { Source } from '../source.js'
import { decodeModel } from './decode.js'
import { describe } from './describe.js'
import { type Bindings, dimensionSymbols, resolveDimension } from './dimensions.js'
import { type OnnxFacts, onnxFacts, summariseUnmodelled, type UnmodelledOps } from './facts.js'
import { type CostedOp, infoByName, runGraph } from './interpret.js'
import type { Model, ValueInfo } from './model.js'
import { compare } from './names.js'
import { readValues } from './readValues.js'
import { type Frame, lookUp, opName, type Session, tensorName } from './session.js'
import { checkShape, newTensor, type Tensor } from './tensor.js'

export interface OnnxImport {
  readonly description: GraphDescription
  readonly facts: OnnxFacts
  readonly warnings: readonly string[]
  readonly unmodelled: readonly UnmodelledOps[]
}

/**
 * Reads an ONNX model (operator set 9 or later) as an operator graph. The weights are never read: their sizes and places are enough,
 * and external data need not be there. Symbolic dimensions take their numbers from `bind`.
 */
export function readOnnx(source: Source, options: { readonly name: string; readonly bind?: Bindings }): OnnxImport {
  const bind = options.bind ?? new Map<string, number>()
  const model = decodeModel(source)
  const session: Session = {
    source,
    valuesOf: (tensor) => readValues(tensor, source),
    bind,
    functions: model.functions,
    modelOpsets: model.opsets,
    warnings: new Set(),
    tensorNames: new Set(),
    opNames: new Set(),
    tensorRepeats: new Map(),
    opRepeats: new Map(),
    externalWeights: new Map(),
    steps: 0,
  }
  checkBindings(model, session)
  const opset = model.opsets.get('')
  if (opset !== undefined && opset < oldestOpset)
    session.warnings.add(`operator set ${opset} is older than ${oldestOpset}; its ops are read by newer rules`)
  const frame = topFrame(model)
  addInputs(session, frame, model)
  runGraph(session, frame, model.graph)
  const outputs = model.graph.outputs.map((o) => lookUp(frame, o.name) ?? missingOutput(o.name))
  const description = describe(options.name, frame.sink, new Set(outputs))
  return {
    description,
    facts: onnxFacts(model, description, frame.sink, bind),
    warnings: [...session.warnings],
    unmodelled: summariseUnmodelled(frame.sink),
  }
}

const oldestOpset = 9

function topFrame(model: Model): Frame {
  const { graph } = model
  return {
    scope: new Map(),
    prefix: '',
    opsets: model.opsets,
    sink: [],
    rename: new Map(),
    valueInfo: infoByName(graph.valueInfo, graph.outputs),
    callers: [],
  }
}

/** Every input that no initializer fills becomes an op, so that its bytes and transfers count. */
function addInputs(session: Session, frame: Frame, model: Model): void {
  const filled = new Set(model.graph.initializers.map((t) => t.name))
  const unbound = new Map<string, string>()
  for (const input of model.graph.inputs) {
    if (filled.has(input.name) || input.name === '') continue
    if (frame.scope.has(input.name))
      fail('E202', `the graph has two inputs named ${input.name}`, { where: `input ${input.name}` })
    const shape = inputShape(input, session.bind, unbound)
    const tensor = newTensor(tensorName(session, frame, input.name), input.type, shape)
    const op: CostedOp = {
      name: opName(session, input.name),
      type: 'Input',
      inputs: [],
      outputs: [tensor],
      weights: [],
      flops: 0,
      matrixFlops: 0,
      bytesAccessed: 0,
      unmodelled: shape ? undefined : 'the file states no shape',
    }
    tensor.producer = op
    frame.scope.set(input.name, tensor)
    frame.sink.push(op)
  }
  if (unbound.size > 0) {
    const names = [...unbound.keys()]
    fail('E207', `${names.length === 1 ? 'a dimension has' : 'some dimensions have'} no number: ${names.join(', ')}`, {
      where: [...new Set(unbound.values())].join(', '),
      expected: 'a number for each symbolic dimension',
      found: names.join(', '),
      fix: `--bind ${names.map((n) => `${n}=1`).join(',')} (with your sizes)`,
    })
  }
}

function inputShape(input: ValueInfo, bind: Bindings, unbound: Map<string, string>): readonly number[] | undefined {
  const shape = input.dims?.map((dim, d) => {
    const resolved = resolveDimension(dim, `${input.name}.${d}`, bind)
    if ('value' in resolved) return resolved.value
    for (const name of resolved.unbound) if (!unbound.has(name)) unbound.set(name, `input ${input.name}`)
    return 0
  })
  return shape && checkShape(input.name, shape, `input ${input.name}`)
}

/** A name to bind that the file lacks is a slip of the pen worth telling, but harmless. */
function checkBindings(model: Model, session: Session): void {
  if (session.bind.size === 0) return
  const known = new Set<string>()
  const { inputs, outputs, valueInfo } = model.graph
  for (const info of [...inputs, ...outputs, ...valueInfo])
    info.dims?.forEach((dim, d) => {
      for (const symbol of dimensionSymbols(dim, `${info.name}.${d}`)) known.add(symbol)
    })
  for (const name of [...session.bind.keys()].sort(compare)) {
    if (known.has(name)) continue
    const near = nearNames(name, known)
    session.warnings.add(
      `--bind ${name}: the file has no such dimension${near.length ? `; did you mean ${near.join(' or ')}?` : ''}`,
    )
  }
}

function missingOutput(name: string): Tensor {
  return fail('E203', `the graph's output ${name} is made by nothing`, { where: `output ${name}` })
}
