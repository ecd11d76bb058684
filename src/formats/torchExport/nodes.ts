import type { Problems } from '../../errors/index.js'
import type { FieldChecker } from '../fields.js'
import { type DataType, dataTypeOf } from './dataTypes.js'
import type { Sizes } from './symbols.js'

/** A tensor as a node's metadata tells it. */
export interface TensorMeta {
  readonly shape: readonly number[]
  readonly type: DataType
  readonly bytes: number
  /** Elements lie in the order of their indices, without gaps; true where strides are not told. */
  readonly isContiguous: boolean
}

/** One node of the exported graph. */
export interface FxNode {
  readonly name: string
  /** The operator without namespace and overload: "addmm" of aten.addmm.default. */
  readonly operator: string
  readonly isPlaceholder: boolean
  /** PARAMETER, BUFFER, USER_INPUT, ... of a placeholder. */
  readonly inputKind?: string
  /** Fully qualified name of a parameter or buffer. */
  readonly fqn?: string
  readonly module?: string
  readonly phase?: 'forward' | 'backward'
  readonly args: readonly unknown[]
  readonly kwargs: Readonly<Record<string, unknown>>
  /** Names of the nodes that the arguments mention, in order. */
  readonly refs: readonly string[]
  readonly outputs: readonly TensorMeta[]
  /** Whether the node makes a list of tensors, of which `getitem` takes one. */
  readonly makesList: boolean
}

/** Checks and reads the nodes; what the graph returns (`op: output`) is left out. Problems have pointers into /nodes. */
export function readNodes(
  values: readonly unknown[],
  sizes: Sizes,
  check: FieldChecker,
  problems: Problems,
): ReadonlyMap<string, FxNode> {
  const nodes = new Map<string, FxNode>()
  const places = new Map<string, number>()
  values.forEach((value, i) => {
    check.enter('nodes', i)
    const node = check.record(value)
    if (!node || node.op === 'output') return
    const read = readNode(node, sizes, check)
    if (!read) return
    if (nodes.has(read.name)) problems.add('E202', `two nodes are named ${read.name}`, { where: check.at('name') })
    nodes.set(read.name, read)
    places.set(read.name, i)
  })
  for (const node of nodes.values()) {
    check.enter('nodes', places.get(node.name))
    for (const ref of node.refs)
      if (!nodes.has(ref))
        problems.add('E203', `${node.name} reads ${ref}, which does not exist`, { where: check.at('args') })
  }
  return nodes
}

function readNode(node: Readonly<Record<string, unknown>>, sizes: Sizes, check: FieldChecker): FxNode | undefined {
  const { name, op, target } = node
  check.string(name, 'name')
  check.string(op, 'op')
  check.string(target, 'target')
  if (typeof name !== 'string' || typeof target !== 'string') return undefined
  const args = check.array(node.args ?? [], 'args')
  const kwargs = node.kwargs === undefined ? {} : (check.record(node.kwargs, 'kwargs') ?? {})
  const metas = (Array.isArray(node.meta) ? node.meta : [node.meta]).filter(isTensorMeta)
  const phase = phaseOf(node)
  const module = moduleOf(node)
  return {
    name,
    operator: operatorOf(target),
    isPlaceholder: op !== 'call_function',
    ...(typeof node.input_kind === 'string' && { inputKind: node.input_kind }),
    ...(typeof node.fqn === 'string' && { fqn: node.fqn }),
    ...(module && { module }),
    ...(phase && { phase }),
    args,
    kwargs,
    refs: refsIn([args, kwargs]),
    outputs: metas.map((meta) => readMeta(meta, sizes, check)),
    makesList: Array.isArray(node.meta),
  }
}

/** "aten.addmm.default" -> addmm, "<built-in function getitem>" -> getitem, "torch.ops.aten.mm.default" -> mm. */
function operatorOf(target: string): string {
  const builtIn = /^<built-in function (\w+)>$/.exec(target)
  if (builtIn) return builtIn[1]
  const parts = target.replace(/^torch\.ops\./, '').split(/\.|::/)
  return parts[1] ?? parts[0]
}

type RawMeta = Readonly<Record<string, unknown>>

/** Symbols and values that are no tensors have metadata of other shapes. */
function isTensorMeta(meta: unknown): meta is RawMeta {
  return typeof meta === 'object' && meta !== null && 'shape' in meta
}

function readMeta(meta: RawMeta, sizes: Sizes, check: FieldChecker): TensorMeta {
  const shape = check.array(meta.shape, 'meta/shape').map((dimension) => {
    const size = sizes.of(dimension)
    if (!Number.isNaN(size) && !(Number.isSafeInteger(size) && size >= 0))
      check.wrong('meta/shape', 'whole numbers from 0 or expressions of symbols', dimension)
    return size
  })
  check.string(meta.dtype, 'meta/dtype')
  const type = dataTypeOf(String(meta.dtype))
  const elements = shape.reduce((product, size) => product * size, 1)
  const bytes = (elements * type.bits) / 8
  if (bytes > 1e18) check.wrong('meta/shape', 'a tensor of at most 1e18 bytes', meta.shape)
  return { shape, type, bytes, isContiguous: isContiguous(shape, meta.stride, sizes) }
}

function isContiguous(shape: readonly number[], stride: unknown, sizes: Sizes): boolean {
  if (!Array.isArray(stride) || stride.length !== shape.length) return true
  let expected = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && sizes.of(stride[d]) !== expected) return false
    expected *= shape[d]
  }
  return true
}

/** Names in { "ref": name }, however deep; without recursion, for arguments come from a file. */
function refsIn(value: unknown): string[] {
  const refs: string[] = []
  const stack = [value]
  while (stack.length > 0) {
    const at = stack.pop()
    if (typeof at !== 'object' || at === null) continue
    if ('ref' in at && typeof at.ref === 'string') refs.push(at.ref)
    else for (const inner of Object.values(at).reverse()) stack.push(inner)
  }
  return refs
}

/** The name of { "ref": name }. */
export function refOf(argument: unknown): string | undefined {
  const ref = typeof argument === 'object' && argument !== null && 'ref' in argument ? argument.ref : undefined
  return typeof ref === 'string' ? ref : undefined
}

/** What torch's partitioner and exporters of training graphs write beside a node. */
function phaseOf({ phase, partitioner_tag, is_backward }: Readonly<Record<string, unknown>>): FxNode['phase'] {
  if (
    phase === 'backward' ||
    is_backward === true ||
    partitioner_tag === 'is_backward' ||
    partitioner_tag === 'must_be_in_backward'
  )
    return 'backward'
  return phase === 'forward' || partitioner_tag === 'is_forward' ? 'forward' : undefined
}

/** `module`, or the innermost entry of torch's own nn_module_stack: { key: [path, class] }. */
function moduleOf({ module, nn_module_stack: stack }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof module === 'string') return module.startsWith('_empty_nn_module_stack') ? undefined : module
  if (typeof stack !== 'object' || stack === null) return undefined
  const inner: unknown = Object.values(stack).pop()
  const path: unknown = Array.isArray(inner) ? inner[0] : inner
  return typeof path === 'string' ? path : undefined
}
