import { bytesSource, type Source } from '../../src/formats/source.js'

/** Small made-up files of every format that is not ours; each test changes what it needs. */
export function source(content: unknown, name = 'file'): Source {
  return bytesSource(name, new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)))
}

const tensor = (...shape: (number | string)[]) => ({ shape, dtype: 'float32', device: 'cpu' })
const ref = (name: string) => ({ ref: name })
const call = (name: string, target: string, args: unknown[], meta: unknown, module = '') => ({
  name,
  op: 'call_function',
  target,
  args,
  kwargs: {},
  meta,
  module,
})
const held = (name: string, input_kind: string, meta: unknown, fqn: string | null = name) => ({
  name,
  op: 'placeholder',
  target: name,
  args: [],
  kwargs: {},
  meta,
  input_kind,
  fqn,
})

/** A tied two-layer network: lookup, split, a product in place, attention, a convolution, and the table again as head. */
export const torchExport = () => ({
  format: 'torch-export-json-draft',
  range_constraints: { s0: ['1', '64'] },
  outputs: [['USER_OUTPUT', 'head']],
  nodes: [
    held('p_table', 'PARAMETER', tensor(100, 8), 'table.weight'),
    held('p_tied', 'PARAMETER', tensor(100, 8), 'head.weight'),
    held('p_w', 'PARAMETER', tensor(8, 24), 'block.qkv.weight'),
    held('p_b', 'PARAMETER', tensor(24), 'block.qkv.bias'),
    held('b_mask', 'BUFFER', { shape: [4, 4], dtype: 'bool' }, 'block.mask'),
    held('ids', 'USER_INPUT', { shape: ['s0', 4], dtype: 'int64' }, null),
    call('sym', 'aten.sym_size.int', [ref('ids'), 0], { sym: 's0' }),
    call('embedding', 'aten.embedding.default', [ref('p_table'), ref('ids')], tensor('s0', 4, 8), 'm.table'),
    call('view', 'aten.view.default', [ref('embedding'), [-1, 8]], tensor('4*s0', 8), 'm.block.qkv'),
    call('addmm', 'aten.addmm.default', [ref('p_b'), ref('view'), ref('p_w')], tensor('4*s0', 24), 'm.block.qkv'),
    call(
      'split',
      'aten.split.Tensor',
      [ref('addmm'), 8, 1],
      [tensor('4*s0', 8), tensor('4*s0', 8), tensor('4*s0', 8)],
      'm.block',
    ),
    ...['q', 'k', 'v'].map((name, k) =>
      call(name, '<built-in function getitem>', [ref('split'), k], tensor('4*s0', 8), 'm.block'),
    ),
    ...['q', 'k', 'v'].map((name) =>
      call(`${name}4`, 'aten.reshape.default', [ref(name), []], tensor('s0', 2, 4, 4), 'm.block'),
    ),
    call(
      'attention',
      'aten.scaled_dot_product_attention.default',
      [ref('q4'), ref('k4'), ref('v4'), ref('b_mask')],
      tensor('s0', 2, 4, 4),
      'm.block',
    ),
    call('relu_', 'aten.relu_.default', [ref('attention')], tensor('s0', 2, 4, 4), 'm.block.act'),
    call('late', 'aten.mul.Tensor', [ref('attention'), 2], tensor('s0', 2, 4, 4), 'm.block'),
    call('dropout', 'aten.dropout.default', [ref('late'), 0.1, false], tensor('s0', 2, 4, 4), 'm.block'),
    call('flat', 'aten.view.default', [ref('dropout'), []], tensor('s0', 4, 8), 'm.block'),
    call('head', 'aten.linear.default', [ref('flat'), ref('p_table')], tensor('s0', 4, 100), 'm.head'),
    { name: 'output', op: 'output', target: 'output', args: [[ref('head')]], kwargs: {}, meta: null },
  ],
})

/** A convolution and its backward pass, told apart by what the graph returns. */
export const jointExport = () => ({
  range_constraints: {},
  outputs: [
    ['LOSS_OUTPUT', 'loss'],
    ['GRADIENT_TO_PARAMETER', 'grad_w'],
  ],
  nodes: [
    held('p_w', 'PARAMETER', tensor(16, 3, 3, 3), 'conv.weight'),
    held('x', 'USER_INPUT', tensor(2, 3, 8, 8), null),
    call('conv', 'aten.convolution.default', convolution(ref('x')), tensor(2, 16, 8, 8), 'conv'),
    call('loss', 'aten.sum.default', [ref('conv')], tensor()),
    call('ones', 'aten.full_like.default', [ref('conv'), 1], tensor(2, 16, 8, 8)),
    call(
      'back',
      'aten.convolution_backward.default',
      [ref('ones'), ref('x'), ref('p_w'), null, [1, 1], [1, 1], [1, 1], false, [0, 0], 1, [false, true, false]],
      [null, tensor(16, 3, 3, 3), null],
      'conv',
    ),
    call('grad_w', '<built-in function getitem>', [ref('back'), 0], tensor(16, 3, 3, 3), 'conv'),
  ],
})

function convolution(input: unknown): unknown[] {
  return [input, ref('p_w'), null, [1, 1], [1, 1], [1, 1], false, [0, 0], 1]
}

export const dnnPartitioning = () => ({
  maxSizePerFPGA: 1e9,
  maxFPGAs: 2,
  maxCPUs: 1,
  nodes: [
    { name: 'in', id: 3, supportedOnFpga: 0, cpuLatency: 1, fpgaLatency: 0, isBackwardNode: false, size: 0 },
    {
      name: 'a',
      id: 10,
      supportedOnFpga: true,
      cpuLatency: 40,
      fpgaLatency: 4,
      isBackwardNode: 0,
      colorClass: 7,
      size: 5e8,
    },
    { name: 'b', id: 11, supportedOnFpga: 1, cpuLatency: 30, fpgaLatency: 3, isBackwardNode: 0, size: 6e8 },
    {
      name: 'a grad',
      id: 20,
      supportedOnFpga: 1,
      cpuLatency: 80,
      fpgaLatency: 8,
      isBackwardNode: 1,
      colorClass: 7,
      size: 1e8,
    },
  ],
  edges: [
    { sourceId: 3, destId: 10, cost: 0.5, size: 4096 },
    { sourceId: 3, destId: 11, cost: 0.5, size: 4096 },
    { sourceId: 10, destId: 20, cost: 2, size: 8192 },
    { sourceId: 11, destId: 20, cost: 1, size: 1024 },
  ],
})

export const pipedream =
  () => `node1 -- Input0 -- forward_compute_time=0.000, backward_compute_time=0.000, activation_size=0.0, parameter_size=0.000
node2 -- LSTM(8, eps=1e-05, mode=(a, b)) -- forward_compute_time=3.5, backward_compute_time=5.5, activation_size=[64.0; 16.0], parameter_size=2048.000
node3 -- __getitem__(1) -- forward_compute_time=0.000, backward_compute_time=0.000, activation_size=16.0, parameter_size=0.000
node4 -- Linear(in_features=8, bias=False) -- forward_compute_time=1.000, backward_compute_time=2.000, activation_size=32.0, parameter_size=512.000
node5 -- Dropout(p=0.2) -- forward_compute_time=0.100, backward_compute_time=0.100, activation_size=16.0, parameter_size=0.000
\tnode1 -- node2
\tnode2 -- node3
\tnode2 -- node4
\tnode3 -- node5
`

const choice = (id: string, seconds: number) => ({
  id,
  timePerSample: seconds,
  parameterSize: 1e6,
  memoryUsageA: 2e6,
  memoryUsageB: 3e6,
  syncTimeFw: { '0': 512 },
  syncTimeBw: {},
})

export const piper = () => ({
  maxDevices: 4,
  maxMemoryPerDevice: 1e9,
  bandwidth: 2.5e10,
  mbsInBatch: 16,
  nodes: [
    {
      id: 0,
      name: 'embedding',
      TMPCs: { '1': [choice('vanilla', 0.1), choice('recompute', 0.2)], '2': [choice('vanilla', 0.06)] },
    },
    { id: 5, name: 'layer', TMPCs: { '1': [choice('vanilla', 0.4), choice('recompute', 0.5)] } },
  ],
  edges: [{ sourceId: 0, destId: 5, communicationCost: 4096 }],
})

export const profileCsv = () => `op,device kind,seconds,bytes
a,H100-SXM5-80GB,1e-3,1024
a,A100-SXM4-80GB,2e-3,
"b, quoted ""twice""",,5e-4,
gone,,1.5e-3,
`

export const graphlib = () => ({
  options: { directed: true, multigraph: true, compound: false },
  value: { name: 'small' },
  nodes: [
    { v: 'a', value: { type: 'MatMul', seconds: 1e-3, outputs: [{ name: 't', bytes: 8 }] } },
    { v: 'b', value: { colour: 'red' } },
    { v: 'c' },
  ],
  edges: [
    { v: 'a', w: 'b', name: 't', value: { output: 't', bytes: 8 } },
    { v: 'b', w: 'c' },
  ],
})

type Extra = Readonly<Record<string, unknown>>

/** A complete event of a profiler, times in microseconds. */
export const event = (cat: string, name: string, ts: number, dur: number, args: Extra = {}, thread: Extra = {}) => ({
  ph: 'X',
  cat,
  name,
  pid: 1,
  tid: 1,
  ts,
  dur,
  args,
  ...thread,
})

/** Forward and backward of `block.qkv` (a linear that the profiler sees as a transposition and a product) and of a loss outside of it. */
export const kinetoEvents = () => [
  { ph: 'M', name: 'process_name', ts: 0, pid: 1, tid: 0, args: { name: 'python' } },
  event('user_annotation', 'phase:forward', 0, 1000.5),
  event('user_annotation', 'mod:block', 10, 500),
  event('user_annotation', 'mod:block.qkv', 20, 200),
  event('cpu_op', 'aten::linear', 30, 180, { 'External id': 1, 'Sequence number': 7 }),
  event('cpu_op', 'aten::t', 35, 5, { 'Sequence number': 7 }),
  event('cpu_op', 'aten::addmm', 50, 150, { 'Sequence number': 8 }),
  event('cpu_op', 'aten::scaled_dot_product_attention', 300, 100, { 'Sequence number': 9 }),
  event('cpu_op', 'aten::cross_entropy_loss', 600, 50, { 'Sequence number': 10 }),
  event('user_annotation', 'phase:backward', 2000, 1000),
  event(
    'cpu_op',
    'autograd::engine::evaluate_function: NllLossBackward0',
    2010,
    40,
    { 'Sequence number': 10 },
    { tid: 2 },
  ),
  event(
    'cpu_op',
    'autograd::engine::evaluate_function: SdpaBackward0',
    2100,
    200,
    { 'Sequence number': 9 },
    { tid: 2 },
  ),
  event(
    'cpu_op',
    'autograd::engine::evaluate_function: AddmmBackward0',
    2400,
    300,
    { 'Sequence number': 8 },
    { tid: 2 },
  ),
  event('cpu_op', 'aten::mm', 2420, 100, {}, { tid: 2 }),
  event('cpu_op', 'autograd::engine::evaluate_function: AccumulateGrad', 2800, 10, {}, { tid: 2 }),
]

export const kineto = () => ({
  schemaVersion: 1,
  deviceProperties: [{ id: 0, name: '] { "' }],
  traceEvents: kinetoEvents(),
})
