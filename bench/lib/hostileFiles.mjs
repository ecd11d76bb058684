/** Files made to hurt a reader: each entry is called after the reader that gets it. */
export function* hostileFiles() {
  const text = (value) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  const repeat = (head, item, count, tail) => text(`${head}${item.repeat(count)}${tail}`)
  for (const reader of [
    'stowage.graph',
    'graphlib',
    'torch-export',
    'huggingface',
    'dnn-partitioning',
    'piper',
    'kineto',
    'stowage.model',
    'stowage.cluster',
    'stowage.plan',
    'placement-map',
  ]) {
    yield { name: `${reader} with 6 million [] in a list`, bytes: repeat('[', '[],', 6e6, '[]]') }
    yield { name: `${reader} nested a million deep`, bytes: repeat('', '[', 1e6, '') }
  }
  const lists = {
    'stowage.graph': 'ops',
    graphlib: 'nodes',
    'torch-export': 'nodes',
    'dnn-partitioning': 'nodes',
    piper: 'nodes',
    kineto: 'traceEvents',
    'stowage.cluster': 'hosts',
  }
  for (const [reader, key] of Object.entries(lists)) {
    yield {
      name: `${reader} with 6 million [] as ${key}`,
      bytes: repeat(`{"edges":[],"options":{},"${key}":[`, '[],', 6e6, '[]]}'),
    }
    yield {
      name: `${reader} with 6 million {} as ${key}`,
      bytes: repeat(`{"edges":[],"options":{},"${key}":[`, '{},', 6e6, '{}]}'),
    }
  }
  for (const key of ['placement', 'order', 'stages']) {
    yield {
      name: `stowage.plan with 2 million 1 as ${key}`,
      bytes: repeat(`{"kind":"stowage.plan","decisions":{"${key}":[`, '1,', 2e6, '1]}}'),
    }
    yield {
      name: `stowage.plan with 1 million [] as ${key}`,
      bytes: repeat(`{"kind":"stowage.plan","decisions":{"${key}":[`, '[],', 1e6, '[]]}}'),
    }
  }
  yield { name: 'stowage.cluster with 1 million {} as hosts', bytes: repeat('{"hosts":[', '{},', 1e6, '{}]}') }
  yield {
    name: 'stowage.model with 2 million keys',
    bytes: text(`{"kind":"stowage.model",${Array.from({ length: 2e6 }, (_, i) => `"k${i}":0`).join(',')}}`),
  }
  yield {
    name: 'huggingface with 1 million keys',
    bytes: text(`{"model_type":"llama",${Array.from({ length: 1e6 }, (_, i) => `"k${i}":0`).join(',')}}`),
  }
  const ops = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join(',')
  yield {
    name: 'stowage.graph of 300,000 tiny ops',
    bytes: text(`{"ops":[${ops(3e5, (i) => `{"name":"${i}","type":"A"}`)}],"edges":[]}`),
  }
  yield {
    name: 'graphlib of 500,000 tiny nodes',
    bytes: text(`{"options":{},"edges":[],"nodes":[${ops(5e5, (i) => `{"v":"${i}"}`)}]}`),
  }
  yield {
    name: 'graphlib with 500,000 bad edges',
    bytes: text(`{"options":{},"nodes":[{"v":"a"}],"edges":[${ops(5e5, (i) => `{"v":"${i}","w":"b"}`)}]}`),
  }
  yield {
    name: 'stowage.graph of 300,000 equal names',
    bytes: text(`{"ops":[${ops(3e5, () => '{"name":"x","type":"A"}')}],"edges":[]}`),
  }
  yield { name: 'placement-map of 1,000,000 ops', bytes: text(`{${ops(1e6, (i) => `"${i}a":0`)}}`) }
  yield { name: 'placement-map of 1,000,000 repeats', bytes: text(`[${ops(1e6, () => '["a",0]')}]`) }
  yield { name: 'profile-csv of 2 million lines', bytes: text(`op,seconds\n${'a,1\n'.repeat(2e6)}`) }
  yield { name: 'profile-csv of one endless line', bytes: text(`op,seconds\n${','.repeat(2e7)}`) }
  yield {
    name: 'pipedream of 500,000 lines',
    bytes: text(Array.from({ length: 5e5 }, (_, i) => `node${i} -- A -- forward_compute_time=1`).join('\n')),
  }
  yield { name: 'pipedream of 10 million tabs', bytes: repeat('node1 -- A -- forward_compute_time=1\n', '\t', 1e7, '') }
  yield { name: 'kineto of 2 million empty events', bytes: text(`{"traceEvents":[${'{},'.repeat(2e6)}{}]}`) }
  yield { name: 'onnx of 4 million empty nodes', bytes: onnxOf([0x0a, 0x00], 4e6) }
  yield { name: 'onnx of 4 million empty initializers', bytes: onnxOf([0x2a, 0x00], 4e6) }
  yield { name: 'onnx of 3 million value_infos', bytes: onnxOf([0x6a, 0x03, 0x0a, 0x01, 0x61], 3e6) }
  yield {
    name: 'onnx of 300,000 nodes',
    bytes: onnxOf([0x0a, 0x0a, 0x0a, 0x01, 0x78, 0x12, 0x01, 0x79, 0x22, 0x02, 0x41, 0x41], 3e5),
  }
  yield { name: 'onnx nested 1 million deep', bytes: nestedOnnx(1e6) }
}

function onnxOf(item, count) {
  const body = new Uint8Array(item.length * count)
  for (let i = 0; i < count; i++) body.set(item, i * item.length)
  return Uint8Array.from([...[0x08, 0x08, 0x42, 0x02, 0x10, 0x12, 0x3a], ...varint(body.length), ...body])
}

/** A field of a graph within a field of a graph, by an attribute of a node. */
function nestedOnnx(depth) {
  const bytes = new Uint8Array(depth * 6).fill(0x3a)
  return Uint8Array.from([0x08, 0x08, 0x42, 0x02, 0x10, 0x12, 0x3a, ...varint(bytes.length), ...bytes])
}

function varint(value) {
  const out = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest]
    out.push((rest % 128) + 128)
  }
}
