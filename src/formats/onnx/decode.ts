import type { Source } from '../source.js'
import { decodeSparseTensor, decodeTensor } from './decodeTensor.js'
import {
  type Attribute,
  type Dimension,
  type FunctionBody,
  functionKey,
  type Graph,
  type Model,
  type Node,
  normalDomain,
  type TensorInfo,
  type ValueInfo,
} from './model.js'
import { scopeModule } from './names.js'
import { Wire } from './wire.js'

/** Reads a ModelProto, stepping over all weights. Field numbers: onnx.proto (ONNX 1.23). */
export function decodeModel(source: Source): Model {
  const wire = new Wire(source)
  let irVersion = 0
  let producer = ''
  let graph: Graph | undefined
  const opsets = new Map<string, number>()
  const functions = new Map<string, FunctionBody>()
  wire.fields(source.size, (field, type) => {
    switch (field) {
      case 1:
        irVersion = wire.integer(type)
        return true
      case 2:
        producer = wire.text(type)
        return true
      case 7:
        graph = decodeGraph(wire, type)
        return true
      case 8:
        return decodeOpset(wire, type, opsets)
      case 25: {
        const body = decodeFunction(wire, type)
        functions.set(functionKey(body.domain, body.name, body.overload), body)
        return true
      }
      default:
        return false
    }
  })
  if (!graph) return wire.corrupt('it holds no graph', source.size)
  return { irVersion, producer, opsets, graph, functions }
}

function decodeGraph(wire: Wire, type: number): Graph {
  let name = ''
  const nodes: Node[] = []
  const initializers: TensorInfo[] = []
  const inputs: ValueInfo[] = []
  const outputs: ValueInfo[] = []
  const valueInfo: ValueInfo[] = []
  wire.message(type, (field, t) => {
    if (field === 1) nodes.push(decodeNode(wire, t))
    else if (field === 2) name = wire.text(t)
    else if (field === 5) initializers.push(decodeTensor(wire, t))
    else if (field === 11) inputs.push(decodeValueInfo(wire, t))
    else if (field === 12) outputs.push(decodeValueInfo(wire, t))
    else if (field === 13) valueInfo.push(decodeValueInfo(wire, t))
    else if (field === 15) initializers.push(decodeSparseTensor(wire, t))
    else return false
    return true
  })
  return { name, nodes, initializers, inputs, outputs, valueInfo }
}

function decodeNode(wire: Wire, type: number): Node {
  const node = { name: '', type: '', domain: '', overload: '' }
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: Attribute[] = []
  let module: string | undefined
  wire.charge(20)
  wire.message(type, (field, t) => {
    if (field === 1) inputs.push(wire.text(t))
    else if (field === 2) outputs.push(wire.text(t))
    else if (field === 3) node.name = wire.text(t)
    else if (field === 4) node.type = wire.text(t)
    else if (field === 5) attributes.push(decodeAttribute(wire, t))
    else if (field === 7) node.domain = normalDomain(wire.text(t))
    else if (field === 8) node.overload = wire.text(t)
    else if (field === 9) module = decodeModule(wire, t) ?? module
    else return false
    return true
  })
  const { name, type: opType, domain, overload } = node
  return {
    name,
    type: opType,
    domain,
    overload,
    inputs: trim(inputs),
    outputs: trim(outputs),
    attributes: trim(attributes),
    module,
  }
}

/** A growing array reserves room for seventeen; a kept one should not. */
function trim<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list.slice()
}

const none: readonly never[] = []

/** The torch exporter's record of the module stack in a node's metadata. */
function decodeModule(wire: Wire, type: number): string | undefined {
  let key: string | undefined
  let scopes = ''
  wire.message(type, (field, t) => {
    if (field === 1) key = wire.text(t)
    else if (field === 2 && (key === undefined || key === scopesKey)) {
      scopes = shortText(wire, t)
    } else return false
    return true
  })
  return key === scopesKey ? scopeModule(scopes) : undefined
}

const scopesKey = 'pkg.torch.onnx.name_scopes'
/** Text attributes that matter (modes, equations) are short; compiled engines embedded in an attribute are not. */
const longestText = 4096

function shortText(wire: Wire, type: number): string {
  const at = wire.position
  const end = wire.lengthEnd(type)
  const isShort = end - wire.position <= longestText
  wire.position = isShort ? at : end
  return isShort ? wire.text(type) : ''
}

function decodeAttribute(wire: Wire, type: number): Attribute {
  const found: { -readonly [K in keyof Attribute]: Attribute[K] } = { name: '' }
  const ints: number[] = []
  const floats: number[] = []
  const texts: string[] = []
  wire.charge(20)
  wire.message(type, (field, t) => {
    if (field === 1) found.name = wire.text(t)
    else if (field === 2) found.float = wire.float(t)
    else if (field === 3) found.int = wire.integer(t)
    else if (field === 4) found.text = shortText(wire, t)
    else if (field === 5) found.tensor = decodeTensor(wire, t)
    else if (field === 6) found.graph = decodeGraph(wire, t)
    else if (field === 7) return wire.repeated(t, wire.float, 5, floats)
    else if (field === 8) return wire.repeated(t, wire.integer, 0, ints)
    else if (field === 9) texts.push(shortText(wire, t))
    else if (field === 21) found.reference = wire.text(t)
    else if (field === 22) found.tensor = decodeSparseTensor(wire, t)
    else return false
    return true
  })
  if (ints.length > 0) found.ints = ints
  if (floats.length > 0) found.floats = floats
  if (texts.length > 0) found.texts = texts
  return found
}

function decodeValueInfo(wire: Wire, type: number): ValueInfo {
  let name = ''
  let elementType = 0
  let dims: Dimension[] | undefined
  wire.charge(20)
  const shape = (field: number, t: number): boolean => {
    if (field !== 1) return false
    dims!.push(decodeDimension(wire, t))
    return true
  }
  const tensorType = (field: number, t: number): boolean => {
    if (field === 1) elementType = wire.integer(t)
    else if (field === 2) {
      dims = []
      wire.message(t, shape)
    } else return false
    return true
  }
  wire.message(type, (field, t) => {
    if (field === 1) name = wire.text(t)
    // Tensor (1) and sparse tensor (8) types; sequences, maps and optionals hold no shape of their own.
    else if (field === 2) wire.message(t, (f, u) => (f === 1 || f === 8) && wire.message(u, tensorType))
    else return false
    return true
  })
  return { name, type: elementType, dims: dims && trim(dims) }
}

function decodeDimension(wire: Wire, type: number): Dimension {
  let dimension: Dimension = null
  wire.message(type, (field, t) => {
    if (field === 1) dimension = wire.integer(t)
    else if (field === 2) dimension = wire.text(t, longestText) || null
    else return false
    return true
  })
  return dimension
}

function decodeFunction(wire: Wire, type: number): FunctionBody {
  const found = { domain: '', name: '', overload: '' }
  const inputs: string[] = []
  const outputs: string[] = []
  const defaults: Attribute[] = []
  const nodes: Node[] = []
  const valueInfo: ValueInfo[] = []
  const opsets = new Map<string, number>()
  wire.message(type, (field, t) => {
    if (field === 1) found.name = wire.text(t)
    else if (field === 4) inputs.push(wire.text(t))
    else if (field === 5) outputs.push(wire.text(t))
    else if (field === 7) nodes.push(decodeNode(wire, t))
    else if (field === 9) decodeOpset(wire, t, opsets)
    else if (field === 10) found.domain = normalDomain(wire.text(t))
    else if (field === 11) defaults.push(decodeAttribute(wire, t))
    else if (field === 12) valueInfo.push(decodeValueInfo(wire, t))
    else if (field === 13) found.overload = wire.text(t)
    else return false
    return true
  })
  return { ...found, inputs, outputs, defaults, nodes, valueInfo, opsets }
}

function decodeOpset(wire: Wire, type: number, into: Map<string, number>): true {
  let domain = ''
  let version = 0
  wire.message(type, (field, t) => {
    if (field === 1) domain = normalDomain(wire.text(t))
    else if (field === 2) version = wire.integer(t)
    else return false
    return true
  })
  into.set(domain, version)
  return true
}
