import type { ListedParameter } from '../formats/parameterList.js'
import { bytesOfElement } from '../graph/training/dtype.js'
import { type FsdpBufferDecision, type FsdpUnitDecision, hashOf, type ShardPlan } from '../plan/index.js'
import {
  type BufferChoice,
  blockElements,
  elementsByRank,
  type GranularityRule,
  granularityOf,
  type PlannedBuffer,
  parseGranularity,
  parseGranularityRule,
  planUnit,
  product,
  type UnitTensor,
} from '../shard/index.js'
import { toolVersion } from './toolVersion.js'

export interface ShardRequest {
  /** Without folders. */
  readonly name: string
  readonly parameters: readonly ListedParameter[]
  readonly devices: number
  /** [PATTERN=]rows:N, dim0, matrix or element; of several that fit a name the last one counts. */
  readonly granularity: readonly string[]
  readonly buffers: BufferChoice
}

/** RaggedShard layouts of a list of parameters: a unit for each numbered module, one for the rest. */
export function planShards(request: ShardRequest, where: string): ShardPlan {
  const { name, parameters, devices, granularity, buffers: choice } = request
  const rules = granularity.map((text) => parseGranularityRule(text, `${where}#/options/granularity`))
  const tensors = parameters.map((parameter) => tensorOf(parameter, rules, where))
  const layouts = new Map<string, readonly PlannedBuffer[]>()
  const units = unitsOf(parameters).map(({ module, members }) => {
    const own = members.map((i) => tensors[i])
    // Layers are mostly alike: what differs in names only is laid out once.
    const key = own.map((t) => `${t.dtype} ${t.width} ${t.elements} ${t.granularity}`).join(',')
    const buffers = layouts.get(key) ?? planUnit(own.map(numbered), devices, choice)
    layouts.set(key, buffers)
    return { module, buffers: renamed(buffers, own) }
  })
  const decisions = { fsdp: { units: units.map(({ module, buffers }) => unitDecision(module, buffers, devices)) } }
  const input = (content: unknown) => ({ name, sha256: hashOf(content) })
  const none = { name: 'none', sha256: hashOf({}) }
  return {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name,
    provenance: {
      tool: `stowage ${toolVersion}`,
      inputs: {
        model: input([...parameters].sort((a, b) => (a.name < b.name ? -1 : 1))),
        cluster: { name: `${devices} devices`, sha256: hashOf({ devices }) },
        calibration: none,
        options: { strategy: 'fsdp', devices, granularity, buffers: choice },
      },
    },
    decisions,
    prediction: predictionOf(units.flatMap(({ buffers }) => buffers)),
    planHash: hashOf(decisions),
  }
}

function tensorOf(parameter: ListedParameter, rules: readonly GranularityRule[], where: string): UnitTensor {
  const { name, shape, dtype = 'bf16', granularity } = parameter
  const own = granularity === undefined ? granularityOf(name, rules) : parseGranularity(granularity, where)
  const block = blockElements(shape, own) || 1
  return {
    name,
    elements: product(shape),
    granularity: block,
    dtype,
    dtypeBytes: bytesOfElement(dtype),
    width: block === 1 ? 0 : shape.at(-1)!,
  }
}

/** By the first numbered module in a parameter's module: layers.0 of layers.0.mlp.experts.3; '' for all others. */
function unitsOf(parameters: readonly ListedParameter[]) {
  const units = new Map<string, number[]>()
  parameters.forEach(({ module = '' }, i) => {
    const layer = /^(?:.*?\.)?\d+(?=\.|$)/.exec(module)?.[0] ?? ''
    const members = units.get(layer)
    if (members) members.push(i)
    else units.set(layer, [i])
  })
  const inOrder = [...units].map(([module, members]) => ({
    module,
    members: members.sort((a, b) => (parameters[a].name < parameters[b].name ? -1 : 1)),
  }))
  return inOrder.sort((a, b) => Number(a.module === '') - Number(b.module === ''))
}

/** Named by their place in the unit, so that a layout does for every unit alike. */
const numbered = (tensor: UnitTensor, index: number): UnitTensor => ({
  ...tensor,
  name: String(index).padStart(9, '0'),
})

function renamed(buffers: readonly PlannedBuffer[], tensors: readonly UnitTensor[]): readonly PlannedBuffer[] {
  return buffers.map((buffer) => ({
    ...buffer,
    tensors: buffer.tensors.map((tensor) => ({ ...tensor, name: tensors[Number(tensor.name)].name })),
  }))
}

function unitDecision(module: string, buffers: readonly PlannedBuffer[], devices: number): FsdpUnitDecision {
  return {
    modules: [module],
    reshardAfterForward: module !== '',
    shardAxis: 'dp_shard',
    buffers: buffers.map((buffer) => bufferDecision(buffer, devices)),
  }
}

/** Counts by rank are written out up to so many of them; beyond, offsets say them. */
const mostCounts = 10_000

function bufferDecision({ dtype, shardElements, tensors }: PlannedBuffer, devices: number): FsdpBufferDecision {
  const isShort = tensors.length * devices <= mostCounts
  return {
    dtype,
    shardElements,
    parameters: tensors.map(({ name, offset, granularity, elements }) => ({
      name,
      offset,
      granularity,
      ...(isShort && { elementsByRank: elementsByRank(offset, elements, shardElements, devices) }),
    })),
  }
}

function predictionOf(buffers: readonly PlannedBuffer[]): ShardPlan['prediction'] {
  const sum = (of: (buffer: PlannedBuffer) => number) => buffers.reduce((total, buffer) => total + of(buffer), 0)
  const elements = sum(({ tensors }) => tensors.reduce((total, tensor) => total + tensor.elements, 0))
  return {
    shardElements: sum(({ shardElements }) => shardElements),
    shardElementsLowerBound: sum(({ bound }) => bound.shardElements),
    paddingFraction: elements ? sum(({ paddingElements }) => paddingElements) / elements : 0,
    certificates: buffers.map(({ bound }) => bound),
  }
}
