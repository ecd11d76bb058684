import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import { broadcast } from './broadcast.js'
import type { Cost, Operators } from './operator.js'

/** Matrix products. Work: 2 operations per multiply-add; a bias adds one per element to `flops` only. */
export const matrix: Operators = {
  MatMul: {
    infer: (c) => c.set(0, matMulShape(c, c.shape(0), c.shape(1)), c.type(0) || c.type(1)),
    cost: (c) => matMulCost(c, c.shape(0)),
    isFoldable: false,
  },
  Gemm: { infer: inferGemm, cost: gemmCost, isFoldable: false },
  MatMulInteger: {
    infer: (c) => c.set(0, matMulShape(c, c.shape(0), c.shape(1)), types.int32),
    cost: (c) => matMulCost(c, c.shape(0)),
    isFoldable: false,
    quantised: [0, 1],
    settings: [2, 3],
  },
  QLinearMatMul: {
    infer: (c) => c.set(0, matMulShape(c, c.shape(0), c.shape(3)), c.type(7)),
    cost: (c) => matMulCost(c, c.shape(0)),
    isFoldable: false,
    quantised: [0, 3],
    settings: [1, 2, 4, 5, 6, 7],
  },
  Einsum: { infer: inferEinsum, cost: einsumCost, isFoldable: false },
  Det: {
    infer: (c) => c.set(0, c.shape(0).slice(0, -2), c.type(0)),
    // LU decomposition: 2/3 n^3 operations a matrix.
    cost: (c) => ({ flops: c.made() * (2 / 3) * (c.shape(0).at(-1) ?? 1) ** 3 }),
  },
}

/** The product's shape as numpy.matmul has it: vectors are padded to matrices and the padding is dropped again. */
export function matMulShape(c: OpContext, a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || b.length === 0) c.wrong('a matrix product of a scalar')
  const left = a.length === 1 ? [1, a[0]!] : a
  const right = b.length === 1 ? [b[0]!, 1] : b
  if (left.at(-1) !== right.at(-2)) c.wrong(`[${a.join(', ')}] x [${b.join(', ')}]`)
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2))
  if (!batch) return c.wrong(`[${a.join(', ')}] x [${b.join(', ')}]`)
  return [...batch, ...(a.length === 1 ? [] : [left.at(-2)!]), ...(b.length === 1 ? [] : [right.at(-1)!])]
}

export function matMulCost(c: OpContext, a: readonly number[]): Cost {
  const matrixFlops = 2 * c.made() * a.at(-1)!
  return { flops: matrixFlops, matrixFlops }
}

function inferGemm(c: OpContext): void {
  const a = c.shape(0)
  const b = c.shape(1)
  if (a.length !== 2 || b.length !== 2) c.wrong('Gemm takes two matrices')
  const [rows, inner] = c.int('transA', 0) ? [a[1]!, a[0]!] : [a[0]!, a[1]!]
  const [innerB, columns] = c.int('transB', 0) ? [b[1]!, b[0]!] : [b[0]!, b[1]!]
  if (inner !== innerB) c.wrong(`the inner dimensions ${inner} and ${innerB} differ`)
  c.set(0, [rows, columns], c.type(0) || c.type(1))
}

function gemmCost(c: OpContext): Cost {
  const inner = c.shape(0)[c.int('transA', 0) ? 0 : 1]!
  const matrixFlops = 2 * c.made() * inner
  return { flops: matrixFlops + (c.has(2) ? c.made() : 0), matrixFlops }
}

interface Einsum {
  readonly operands: readonly (readonly string[])[]
  readonly output: readonly string[]
  readonly extent: ReadonlyMap<string, number>
}

/** Labels of an equation; the dimensions under an ellipsis become labels of their own, "...0" the last. */
function parseEinsum(c: OpContext): Einsum {
  const [left = '', right] = c.text('equation', '').replace(/\s/g, '').split('->')
  const terms = left.split(',')
  if (terms.length !== c.inputs.length) c.wrong(`the equation ${left} has ${terms.length} terms`)
  const extent = new Map<string, number>()
  let widest = 0
  const operands = terms.map((term, i) => {
    const shape = c.shape(i)
    const labels = expandLabels(term, shape.length - term.replace('...', '').length)
    widest = Math.max(widest, labels.filter((l) => l.startsWith('...')).length)
    if (labels.length !== shape.length) c.wrong(`the term ${term} does not name the dimensions of input ${i}`)
    labels.forEach((label, d) => {
      const known = extent.get(label) ?? 1
      if (known !== 1 && shape[d] !== 1 && known !== shape[d])
        c.wrong(`label ${label} is both ${known} and ${shape[d]}`)
      extent.set(label, known === 1 ? shape[d]! : known)
    })
    return labels
  })
  return { operands, output: right === undefined ? implicitOutput(operands) : expandLabels(right, widest), extent }
}

function expandLabels(term: string, hidden: number): string[] {
  const at = term.indexOf('...')
  if (at < 0) return [...term]
  const dots = Array.from({ length: Math.max(0, hidden) }, (_, i) => `...${hidden - 1 - i}`)
  return [...term.slice(0, at), ...dots, ...term.slice(at + 3)]
}

function implicitOutput(operands: readonly (readonly string[])[]): string[] {
  const count = new Map<string, number>()
  for (const label of operands.flat()) count.set(label, (count.get(label) ?? 0) + 1)
  const labels = [...count.keys()]
  const dots = labels.filter((l) => l.startsWith('...')).sort((a, b) => (a < b ? 1 : -1))
  return [...dots, ...labels.filter((l) => !l.startsWith('...') && count.get(l) === 1).sort()]
}

function inferEinsum(c: OpContext): void {
  const { output, extent } = parseEinsum(c)
  c.set(
    0,
    output.map((label) => extent.get(label) ?? 1),
    c.type(0),
  )
}

/** Operands are multiplied from left to right, each time summing the labels that nothing after needs. */
function einsumCost(c: OpContext): Cost {
  const { operands, output, extent } = parseEinsum(c)
  const size = (labels: Iterable<string>): number => product([...labels].map((l) => extent.get(l) ?? 1))
  let flops = 0
  let matrixFlops = 0
  let held = new Set(operands[0])
  for (let i = 1; i < operands.length; i++) {
    const all = new Set([...held, ...operands[i]!])
    const needed = new Set([...output, ...operands.slice(i + 1).flat()])
    const kept = new Set([...all].filter((label) => needed.has(label)))
    const isProduct = kept.size < all.size
    flops += size(all) * (isProduct ? 2 : 1)
    if (isProduct) matrixFlops += 2 * size(all)
    held = kept
  }
  if (operands.length === 1 && held.size > output.length) flops = size(held)
  return { flops, matrixFlops }
}
