/**
 * Inception-v3 as an op graph: layers of Szegedy et al., "Rethinking the Inception Architecture" (arXiv 1512.00567, table 1), in the dimensions of
 * torchvision's inception_v3, without the auxiliary head. Every convolution with its batch norm and relu; 299 x 299 images; arithmetic
 * in bfloat16, FLOPs and bytes from the shapes.
 */
export function inceptionGraph({ batch = 32 } = {}) {
  const build = builder(batch)
  const { conv, pool, concat } = build
  let x = { name: 'images', channels: 3, size: [299, 299] }
  x = conv('Conv2d_1a_3x3', x, 32, 3, { stride: 2, pad: 0 })
  x = conv('Conv2d_2a_3x3', x, 32, 3, { pad: 0 })
  x = conv('Conv2d_2b_3x3', x, 64, 3)
  x = pool('maxpool1', x, { stride: 2, pad: 0 })
  x = conv('Conv2d_3b_1x1', x, 80, 1)
  x = conv('Conv2d_4a_3x3', x, 192, 3, { pad: 0 })
  x = pool('maxpool2', x, { stride: 2, pad: 0 })
  for (const [name, pooled] of [
    ['Mixed_5b', 32],
    ['Mixed_5c', 64],
    ['Mixed_5d', 64],
  ])
    x = blockA(build, name, x, pooled)
  x = concat('Mixed_6a', [
    conv('Mixed_6a.branch3x3', x, 384, 3, { stride: 2, pad: 0 }),
    chain(build, 'Mixed_6a.branch3x3dbl', x, [
      [64, 1],
      [96, 3],
      [96, 3, { stride: 2, pad: 0 }],
    ]),
    pool('Mixed_6a.branch_pool', x, { stride: 2, pad: 0 }),
  ])
  for (const [name, inner] of [
    ['Mixed_6b', 128],
    ['Mixed_6c', 160],
    ['Mixed_6d', 160],
    ['Mixed_6e', 192],
  ])
    x = blockC(build, name, x, inner)
  x = concat('Mixed_7a', [
    chain(build, 'Mixed_7a.branch3x3', x, [
      [192, 1],
      [320, 3, { stride: 2, pad: 0 }],
    ]),
    chain(build, 'Mixed_7a.branch7x7x3', x, [
      [192, 1],
      [192, [1, 7]],
      [192, [7, 1]],
      [192, 3, { stride: 2, pad: 0 }],
    ]),
    pool('Mixed_7a.branch_pool', x, { stride: 2, pad: 0 }),
  ])
  for (const name of ['Mixed_7b', 'Mixed_7c']) x = blockE(build, name, x)
  build.head(x, 1000)
  return { name: 'inception-v3', ops: build.ops, edges: build.edges, parameters: build.parameters }
}

/** Convolutions one after the other. */
const chain = ({ conv }, name, from, steps) =>
  steps.reduce((x, [channels, kernel, more], k) => conv(`${name}_${k + 1}`, x, channels, kernel, more), from)

const blockA = (build, name, x, pooled) =>
  build.concat(name, [
    build.conv(`${name}.branch1x1`, x, 64, 1),
    chain(build, `${name}.branch5x5`, x, [
      [48, 1],
      [64, 5],
    ]),
    chain(build, `${name}.branch3x3dbl`, x, [
      [64, 1],
      [96, 3],
      [96, 3],
    ]),
    build.conv(`${name}.branch_pool`, build.pool(`${name}.pool`, x), pooled, 1),
  ])

const blockC = (build, name, x, inner) =>
  build.concat(name, [
    build.conv(`${name}.branch1x1`, x, 192, 1),
    chain(build, `${name}.branch7x7`, x, [
      [inner, 1],
      [inner, [1, 7]],
      [192, [7, 1]],
    ]),
    chain(build, `${name}.branch7x7dbl`, x, [
      [inner, 1],
      [inner, [7, 1]],
      [inner, [1, 7]],
      [inner, [7, 1]],
      [192, [1, 7]],
    ]),
    build.conv(`${name}.branch_pool`, build.pool(`${name}.pool`, x), 192, 1),
  ])

function blockE(build, name, x) {
  const { conv, concat, pool } = build
  const narrow = conv(`${name}.branch3x3_1`, x, 384, 1)
  const deep = chain(build, `${name}.branch3x3dbl`, x, [
    [448, 1],
    [384, 3],
  ])
  return concat(name, [
    conv(`${name}.branch1x1`, x, 320, 1),
    conv(`${name}.branch3x3_2a`, narrow, 384, [1, 3]),
    conv(`${name}.branch3x3_2b`, narrow, 384, [3, 1]),
    conv(`${name}.branch3x3dbl_3a`, deep, 384, [1, 3]),
    conv(`${name}.branch3x3dbl_3b`, deep, 384, [3, 1]),
    conv(`${name}.branch_pool`, pool(`${name}.pool`, x), 192, 1),
  ])
}

function builder(batch) {
  const width = 2
  const ops = []
  const edges = []
  const parameters = []
  const bytesOf = ({ channels, size }) => width * batch * channels * size[0] * size[1]
  const add = (name, type, module, inputs, shape, { flops = 0, isMatrix = false, weights = [] } = {}) => {
    const bytes = bytesOf(shape)
    const elements = weights.reduce((sum, dims) => sum + dims.reduce((a, b) => a * b), 0)
    const read = inputs.reduce((sum, input) => sum + bytesOf(input), 0)
    ops.push({
      name,
      type,
      module,
      dtype: 'bf16',
      flops,
      ...(isMatrix && { matrixFlops: flops }),
      bytesAccessed: read + bytes + width * elements,
      ...(elements && { parameterBytes: width * elements }),
      outputs: [{ name: `${name}:0`, bytes, dtype: 'bf16', shape: [batch, shape.channels, ...shape.size] }],
    })
    weights.forEach((dims, k) => {
      parameters.push({ name: `${name}.weight${k}`, shape: dims, dtype: 'bf16', op: name, module })
    })
    for (const input of inputs)
      if (input.name !== 'images')
        edges.push({ from: input.name, to: name, output: `${input.name}:0`, bytes: bytesOf(input) })
    return { name, ...shape }
  }
  const elements = ({ channels, size }) => batch * channels * size[0] * size[1]

  return {
    ops,
    edges,
    parameters,
    conv(name, x, channels, kernel, { stride = 1, pad } = {}) {
      const k = Array.isArray(kernel) ? kernel : [kernel, kernel]
      const size = x.size.map((n, i) => Math.floor((n + 2 * (pad ?? (k[i] - 1) / 2) - k[i]) / stride) + 1)
      const shape = { channels, size }
      const dims = [channels, x.channels, ...k]
      const flops = 2 * elements(shape) * x.channels * k[0] * k[1]
      const y = add(`${name}.conv`, 'Conv', name, [x], shape, { flops, isMatrix: true, weights: [dims] })
      const normed = add(`${name}.bn`, 'BatchNormalization', name, [y], shape, {
        flops: 4 * elements(shape),
        weights: [[channels], [channels]],
      })
      return add(`${name}.relu`, 'Relu', name, [normed], shape, { flops: elements(shape) })
    },
    pool(name, x, { stride = 1, pad = 1 } = {}) {
      const size = x.size.map((n) => Math.floor((n + 2 * pad - 3) / stride) + 1)
      const shape = { channels: x.channels, size }
      return add(name, 'Pool', name, [x], shape, { flops: 9 * elements(shape) })
    },
    concat(name, inputs) {
      const shape = { channels: inputs.reduce((sum, x) => sum + x.channels, 0), size: inputs[0].size }
      return add(`${name}.concat`, 'Concat', name, inputs, shape)
    },
    head(x, classes) {
      const pooled = add(
        'avgpool',
        'GlobalAveragePool',
        'avgpool',
        [x],
        { channels: x.channels, size: [1, 1] },
        { flops: elements(x) },
      )
      const flops = 2 * batch * x.channels * classes
      add(
        'fc',
        'MatMul',
        'fc',
        [pooled],
        { channels: classes, size: [1, 1] },
        { flops, isMatrix: true, weights: [[x.channels, classes]] },
      )
    },
  }
}
