import { type BodyRun, inlineBody, type RunGraph, runBody } from './body.js'
import type { CostedOp } from './interpret.js'
import type { Graph, Node } from './model.js'
import { nameModule } from './names.js'
import { qualifiedType } from './ops/registry.js'
import { type Frame, lookUp, newestOpset, type Session, tensorName } from './session.js'
import { newTensor, type Tensor } from './tensor.js'

/**
 * If, Loop and Scan. Each stays one op, since a device runs it whole: an If costs its dearest branch and holds the weights of both,
 * a Loop or Scan costs its body times the trips. An If whose condition is known at import is replaced by the branch it takes.
 * Answers false for any other node.
 */
export function runControlFlow(session: Session, frame: Frame, node: Node, name: string, runGraph: RunGraph): boolean {
  if (node.domain !== '') return false
  const graph = (attribute: string): Graph | undefined => node.attributes.find((a) => a.name === attribute)?.graph
  if (node.type === 'If') {
    const [then, otherwise] = [graph('then_branch'), graph('else_branch')]
    if (!then || !otherwise) return false
    const condition = inputTensor(frame, node, 0)
    const known = condition?.isConstant && !condition.isEstimated ? session.valuesOf(condition)?.[0] : undefined
    if (known === undefined) runBoth(session, frame, node, name, then, otherwise, runGraph)
    else inlineBody(session, frame, node, name, known ? then : otherwise, runGraph)
    return true
  }
  const body = graph('body')
  if (!body) return false
  if (node.type === 'Loop') runLoop(session, frame, node, name, body, runGraph)
  else if (node.type === 'Scan') runScan(session, frame, node, name, body, runGraph)
  else return false
  return true
}

function runBoth(
  session: Session,
  frame: Frame,
  node: Node,
  name: string,
  then: Graph,
  otherwise: Graph,
  runGraph: RunGraph,
): void {
  const runs = [
    runBody(session, frame, node, `${name}/then/`, then, new Map(), runGraph),
    runBody(session, frame, node, `${name}/else/`, otherwise, new Map(), runGraph),
  ]
  const dearest =
    runs[1]!.flops > runs[0]!.flops ||
    (runs[1]!.flops === runs[0]!.flops && runs[1]!.bytesAccessed > runs[0]!.bytesAccessed)
      ? 1
      : 0
  const counted = runs[dearest]!
  finish(session, frame, node, name, { runs, counted, trips: 1, outputOf: (i) => counted.outputs[i] })
}

function runLoop(session: Session, frame: Frame, node: Node, name: string, body: Graph, runGraph: RunGraph): void {
  const limit = inputTensor(frame, node, 0)
  const stated = limit?.isConstant ? session.valuesOf(limit)?.[0] : undefined
  // Exporters write the largest integer for "while".
  const trips = stated !== undefined && stated < mostTrips ? Math.max(0, stated) : undefined
  if (trips === undefined) session.warnings.add(`${node.type} ${name}: the number of trips is not known; 1 is taken`)
  const given = new Map<string, Tensor>()
  body.inputs.forEach((formal, i) => {
    const actual = i < 2 ? undefined : inputTensor(frame, node, i)
    const type = i === 0 ? 7 : i === 1 ? 9 : (actual?.type ?? formal.type)
    given.set(
      formal.name,
      bodyInput(session, frame, `${name}/${formal.name}`, type, i < 2 ? [] : actual?.shape, actual),
    )
  })
  const run = runBody(session, frame, node, `${name}/`, body, given, runGraph)
  const carried = body.inputs.length - 2
  const outputOf = (i: number): Tensor | undefined => {
    const made = run.outputs[i + 1]
    return i < carried || !made?.shape
      ? made
      : { ...made, shape: [trips ?? 1, ...made.shape], isEstimated: made.isEstimated || trips === undefined }
  }
  finish(session, frame, node, name, { runs: [run], counted: run, trips, outputOf })
}

function runScan(session: Session, frame: Frame, node: Node, name: string, body: Graph, runGraph: RunGraph): void {
  const integers = (attribute: string): readonly number[] =>
    node.attributes.find((a) => a.name === attribute)?.ints ?? []
  const scanned = node.attributes.find((a) => a.name === 'num_scan_inputs')?.int ?? 0
  const states = body.inputs.length - scanned
  // Scan-8 takes the lengths of sequences first, and a batch of everything: the body runs for each of it.
  const isBatched = (frame.opsets.get('') ?? newestOpset) < 9
  const axisOf = (axes: readonly number[], i: number, rank: number): number =>
    isBatched ? 0 : ((axes[i] ?? 0) + rank) % Math.max(1, rank)
  let trips: number | undefined
  let batch: number | undefined = isBatched ? undefined : 1
  const given = new Map<string, Tensor>()
  body.inputs.forEach((formal, i) => {
    const actual = inputTensor(frame, node, isBatched ? i + 1 : i)
    let shape = actual?.shape
    if (isBatched && shape) {
      batch ??= shape[0]
      shape = shape.slice(1)
    }
    if (i >= states && shape) {
      const axis = axisOf(integers('scan_input_axes'), i - states, shape.length)
      trips ??= shape[axis]
      shape = shape.filter((_, d) => d !== axis)
    }
    given.set(
      formal.name,
      bodyInput(session, frame, `${name}/${formal.name}`, actual?.type ?? formal.type, shape, actual),
    )
  })
  if (trips === undefined) session.warnings.add(`${node.type} ${name}: the number of trips is not known; 1 is taken`)
  const run = runBody(session, frame, node, `${name}/`, body, given, runGraph)
  const outputOf = (i: number): Tensor | undefined => {
    const made = run.outputs[i]
    if (!made?.shape) return made
    const shape = [...made.shape]
    if (i >= states) shape.splice(axisOf(integers('scan_output_axes'), i - states, shape.length + 1), 0, trips ?? 1)
    return { ...made, shape: isBatched ? [batch ?? 1, ...shape] : shape }
  }
  finish(session, frame, node, name, {
    runs: [run],
    counted: run,
    trips: trips === undefined || batch === undefined ? undefined : trips * batch,
    outputOf,
  })
}

const mostTrips = 1e9

function inputTensor(frame: Frame, node: Node, i: number): Tensor | undefined {
  const name = node.inputs[i]
  return name ? lookUp(frame, name) : undefined
}

/** What a body sees of a value that changes from trip to trip: its type and shape, never its numbers. */
function bodyInput(
  session: Session,
  frame: Frame,
  name: string,
  type: number,
  shape: readonly number[] | undefined,
  actual: Tensor | undefined,
): Tensor {
  const tensor = newTensor(tensorName(session, { ...frame, prefix: '', rename: new Map() }, name), type, shape)
  tensor.isEstimated = actual?.isEstimated ?? false
  return tensor
}

interface Outcome {
  readonly runs: readonly BodyRun[]
  /** The run that is counted. */
  readonly counted: BodyRun
  /** Absent: not known. */
  readonly trips: number | undefined
  readonly outputOf: (i: number) => Tensor | undefined
}

/** Turns the runs of bodies into the one op that stands for the node. */
function finish(session: Session, frame: Frame, node: Node, name: string, outcome: Outcome): void {
  const { runs, counted: run, outputOf } = outcome
  const trips = outcome.trips ?? 1
  const outputs = node.outputs.flatMap((local, i) => {
    if (local === '') return []
    const made = outputOf(i)
    const info = frame.valueInfo.get(local)
    const tensor = newTensor(tensorName(session, frame, local), made?.type || info?.type, made?.shape)
    if (!tensor.shape && info?.dims?.every((d) => typeof d === 'number' && d >= 0)) tensor.shape = info.dims as number[]
    tensor.isEstimated = made?.isEstimated ?? false
    frame.scope.set(local, tensor)
    return [tensor]
  })
  const inside = runs.flatMap((r) => r.unmodelled)
  const op: CostedOp = {
    name,
    type: qualifiedType(node.domain, node.type),
    module: node.module ?? nameModule(node.name) ?? frame.module,
    inputs: [
      ...new Set([
        ...node.inputs.flatMap((n) => (n ? (lookUp(frame, n) ?? []) : [])),
        ...runs.flatMap((r) => r.captured),
      ]),
    ],
    outputs,
    weights: [...new Set(runs.flatMap((r) => r.weights))],
    flops: run.flops * trips,
    matrixFlops: run.matrixFlops * trips,
    bytesAccessed: run.bytesAccessed * trips,
    dtype: run.dtype,
    unmodelled: doubt(outcome, inside.length, outputs),
    inside,
  }
  for (const tensor of outputs) tensor.producer = op
  frame.sink.push(op)
}

function doubt({ trips }: Outcome, inside: number, outputs: readonly Tensor[]): string | undefined {
  if (inside > 0) return `${inside} ops inside are not fully modelled`
  if (trips === undefined) return 'the number of trips is not known; 1 is taken'
  return outputs.some((t) => !t.shape) ? 'the shape of an output is not known' : undefined
}
