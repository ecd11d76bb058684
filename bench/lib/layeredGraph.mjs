/**
 * A wide layered graph like the synthetic ones of placement papers: `width` ops a layer, each reading one to four tensors of the layer before;
 * times and sizes spread over a factor of e either way. Seeded: the same arguments give the same graph.
 */
export function layeredGraph(opCount, { width = 16, seed = 1, meanSeconds = 1e-4, meanBytes = 1e6 } = {}) {
  let state = seed >>> 0
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const spread = (mean) => mean * Math.exp(2 * random() - 1)
  const ops = []
  const edges = []
  for (let i = 0; i < opCount; i++) {
    const bytes = Math.floor(spread(meanBytes))
    const outputs = [{ name: `op${i}:0`, bytes }]
    ops.push({ name: `op${i}`, type: 'Synthetic', seconds: spread(meanSeconds), temporaryBytes: bytes >> 2, outputs })
    const layer = Math.floor(i / width)
    if (layer === 0) continue
    const inputs = 1 + Math.floor(4 * random())
    for (let k = 0; k < inputs; k++) {
      const from = (layer - 1) * width + Math.floor(width * random())
      edges.push({ from: `op${from}`, to: `op${i}`, output: `op${from}:0`, bytes: ops[from].outputs[0].bytes })
    }
  }
  return { name: `layered-${opCount}`, ops, edges, parameters: [] }
}
