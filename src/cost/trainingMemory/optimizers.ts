import type { Precision } from '../../model/index.js'

/** A weight matrix as an optimizer sees it: convolutions and stacked experts are many of these. A vector has one column. */
export interface MatrixShape {
  readonly rows: number
  readonly columns: number
}

/** What one optimizer keeps beside weights, gradients and master weights, and what one step costs. Per matrix, since some keep factors of it. */
export interface OptimizerPreset {
  readonly name: string
  readonly stateBytes: (shape: MatrixShape) => number
  /** Beyond a few operations an element, which the bytes hide. */
  readonly stepFlops: (shape: MatrixShape) => number
  /** Of those products. */
  readonly matrixPrecision: Precision
  /** Bytes a parameter moved beyond what every optimizer moves: another reading of the gradient. */
  readonly moreBytes?: number
  readonly source: string
}

/**
 * Bytes that one step moves a parameter, of matrices of `shape`: gradient read (4), master read and written (8), bf16 weight written (2), state read and
 * written. Adam's 30 is what fits of training runs find.
 */
export function stepBytesPerParameter(preset: OptimizerPreset, shape: MatrixShape): number {
  return 14 + (preset.moreBytes ?? 0) + (2 * preset.stateBytes(shape)) / (shape.rows * shape.columns)
}

/** State bytes and step cost of a rank's parameters, taken as matrices of `shape`. */
export function optimizerCost(
  preset: OptimizerPreset,
  parameters: number,
  shape: MatrixShape,
): { readonly stateBytes: number; readonly stepBytes: number; readonly stepFlops: number } {
  const matrices = parameters / (shape.rows * shape.columns)
  const stateBytes = matrices * preset.stateBytes(shape)
  return {
    stateBytes,
    stepBytes: parameters * stepBytesPerParameter(preset, shape),
    stepFlops: matrices * preset.stepFlops(shape),
  }
}

const elements = ({ rows, columns }: MatrixShape): number => rows * columns
const perElement = (bytes: number) => (shape: MatrixShape) => bytes * elements(shape)
const isVector = ({ rows, columns }: MatrixShape): boolean => rows === 1 || columns === 1

/** Five Newton-Schulz steps on the smaller side n: X X^T, its square, and their sum times X. */
function newtonSchulzFlops(shape: MatrixShape): number {
  if (isVector(shape)) return 0
  const n = Math.min(shape.rows, shape.columns)
  const m = Math.max(shape.rows, shape.columns)
  return 5 * (4 * n * n * m + 2 * n ** 3)
}

/** Shampoo cuts a matrix into blocks and renews their inverse roots now and then (arXiv 2309.06497, section 3: 1024 or more, every 50 or more). */
const shampooBlock = 1024
const shampooPeriod = 50

function shampooBlocks({ rows, columns }: MatrixShape): { n: number; m: number; count: number } {
  const n = Math.min(rows, shampooBlock)
  const m = Math.min(columns, shampooBlock)
  return { n, m, count: (rows / n) * (columns / m) }
}

/** Two factor matrices and their inverse roots in fp32, Adam's second moment for grafting, momentum. */
function shampooStateBytes(shape: MatrixShape): number {
  if (isVector(shape)) return 8 * elements(shape)
  const { n, m, count } = shampooBlocks(shape)
  return count * 4 * 2 * (n * n + m * m) + 8 * elements(shape)
}

/** Factors of the gradient, the preconditioned gradient, and eigendecompositions (9 n^3: Golub and Van Loan, section 8.3) spread over the period. */
function shampooFlops(shape: MatrixShape): number {
  if (isVector(shape)) return 0
  const { n, m, count } = shampooBlocks(shape)
  return count * (4 * (n * n * m + n * m * m) + (9 * (n ** 3 + m ** 3)) / shampooPeriod)
}

const none = () => 0

const presets: readonly OptimizerPreset[] = [
  {
    name: 'sgd',
    stateBytes: none,
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'Robbins and Monro 1951: no state',
  },
  {
    name: 'sgd-momentum',
    stateBytes: perElement(4),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'Polyak 1964: one fp32 moment',
  },
  {
    name: 'adam',
    stateBytes: perElement(8),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'arXiv 1412.6980: two fp32 moments',
  },
  {
    name: 'adamw',
    stateBytes: perElement(8),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'arXiv 1711.05101: two fp32 moments',
  },
  {
    name: 'adamw-bf16',
    stateBytes: perElement(4),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'two bf16 moments (arXiv 2412.19437, section 3.3.3)',
  },
  {
    name: 'adamw-8bit',
    stateBytes: perElement(2 + 8 / 2048),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'arXiv 2110.02861: two 8-bit moments, an fp32 scale each a block of 2048',
  },
  {
    name: 'muon',
    stateBytes: (shape) => (isVector(shape) ? 8 : 4) * elements(shape),
    stepFlops: newtonSchulzFlops,
    matrixPrecision: 'bf16',
    source: 'arXiv 2502.16982, section 2: one fp32 momentum, five Newton-Schulz steps; vectors by AdamW',
  },
  {
    name: 'shampoo',
    stateBytes: shampooStateBytes,
    stepFlops: shampooFlops,
    matrixPrecision: 'fp32',
    source: 'arXiv 1802.09568; arXiv 2309.06497',
  },
  {
    name: 'adafactor',
    stateBytes: (shape) => 4 * (isVector(shape) ? elements(shape) : shape.rows + shape.columns),
    stepFlops: none,
    matrixPrecision: 'bf16',
    moreBytes: 4,
    source: 'arXiv 1804.04235, algorithm 4: row and column sums, no momentum',
  },
  {
    name: 'frugal',
    stateBytes: (shape) => (isVector(shape) ? 8 : 0.25 * 8) * elements(shape),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: "arXiv 2411.07837: AdamW on a quarter of each matrix's columns, signSGD on the rest",
  },
  {
    name: 'sgd-sai',
    stateBytes: perElement(4),
    stepFlops: none,
    matrixPrecision: 'bf16',
    source: 'arXiv 2412.11768: one fp32 momentum, a rate a tensor fixed at the start',
  },
]

export const optimizerPresets: Readonly<Record<string, OptimizerPreset>> = Object.fromEntries(
  presets.map((preset) => [preset.name, preset]),
)
