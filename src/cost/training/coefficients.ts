/**
 * The few named numbers of the training cost model that are measured, not derived: one set per device kind and stack. Each has a prior (what is assumed of a
 * stack that nobody measured), bounds, and a spread: the standard deviation of its logarithm across the stacks that were measured.
 */
export interface CoefficientSpec {
  readonly meaning: string
  readonly prior: number
  readonly spread: number
  readonly bounds: readonly [low: number, high: number]
}

const spec = (prior: number, spread: number, bounds: readonly [number, number], meaning: string): CoefficientSpec => ({
  prior,
  spread,
  bounds,
  meaning,
})

/** Source of priors and spreads: bench/calibrate.mjs over every stack of the measured runs (docs/accuracy.md). */
export const coefficientSpecs = {
  matrixEfficiency: spec(
    0.9,
    0.2,
    [0.2, 1.15],
    "asymptotic share of the device's best measured matrix product, 16-bit",
  ),
  matrixEfficiency8Bit: spec(0.62, 0.25, [0.1, 1.1], 'the same of the fp8 peak'),
  matrixEfficiency4Bit: spec(0.45, 0.3, [0.05, 1.1], 'the same of the fp4 peak'),
  widthLossElements: spec(150, 0.6, [10, 1500], 'a product is slower by (1 + this / N)(1 + this / K)'),
  tokenLossElements: spec(400, 0.6, [20, 3000], 'a product is slower by 1 + this / M'),
  attentionEfficiency: spec(
    0.35,
    0.35,
    [0.05, 0.9],
    'share of the 16-bit peak that fused attention reaches, causal half counted',
  ),
  attentionBackwardSlowdown: spec(1.1, 0.15, [0.7, 2], 'fused attention backward over 2.5 x its forward FLOPs'),
  scoreTraffic: spec(1, 0.25, [0.3, 3], 'memory traffic of unfused attention scores over the count of passes'),
  elementwiseTraffic: spec(
    1,
    0.25,
    [0.3, 3],
    'memory traffic of norms, activations and residuals over the count of passes',
  ),
  quantiseTraffic: spec(1, 0.4, [0.1, 5], 'memory traffic of casts to 8 and 4 bits over the count of passes'),
  headSlowdown: spec(1, 0.2, [0.5, 2], 'output head and loss over their count'),
  kernelSeconds: spec(4e-6, 0.5, [5e-7, 3e-5], 'floor of one matrix kernel'),
  hostLayerSeconds: spec(
    2.5e-4,
    0.7,
    [1e-5, 4e-3],
    'host time of one pass over a layer: forward 1, backward 2, recomputation 1',
  ),
  hostTensorSeconds: spec(
    2.5e-4,
    0.8,
    [1e-6, 4e-3],
    'more host time of a pass with tensor parallelism, x (degree / 2)^exponent',
  ),
  hostTensorExponent: spec(0.2, 0.6, [0.01, 2], 'its exponent'),
  hostExpertSeconds: spec(6e-4, 0.8, [1e-5, 2e-2], 'more host time of a pass over a layer with experts'),
  hostMicrobatchSeconds: spec(1.5e-3, 0.7, [1e-5, 3e-2], 'host time of one microbatch on one stage'),
  intraRateShare: spec(
    0.65,
    0.25,
    [0.1, 1.2],
    "share of the interconnect's rate that collectives reach inside a domain",
  ),
  interRateShare: spec(0.65, 0.3, [0.05, 1.2], "share of the hosts' network rate that collectives reach"),
  collectiveSeconds: spec(2.5e-5, 0.5, [1e-6, 5e-4], 'latency of a collective inside a domain'),
  hostHopSeconds: spec(4e-5, 0.8, [1e-6, 1e-3], 'more latency for each doubling of domains'),
  ringHopSeconds: spec(
    1.5e-5,
    0.8,
    [1e-7, 1e-3],
    'more latency for each rank of a tensor-parallel group that spans domains',
  ),
  congestionExponent: spec(0.1, 0.6, [0.005, 0.8], 'rates across hosts fall as (hosts / 4)^-this beyond 4 hosts'),
  exposedTensor: spec(0.85, 0.2, [0.1, 1.5], 'share of tensor-parallel collectives that is not hidden'),
  exposedGradient: spec(0.6, 0.4, [0.02, 1.5], 'share of the gradient exchange that waits for the end of backward'),
  exposedParameters: spec(
    0.9,
    0.4,
    [0.02, 2],
    'share of the gather of updated parameters (ZeRO-1) that delays the next step; above 1: copied as well',
  ),
  exchangeHopSeconds: spec(
    1e-5,
    1,
    [1e-8, 2e-4],
    "latency of one layer's tensors in the exchange of gradients or parameters between hosts, for each rank it goes around",
  ),
  exposedPipeline: spec(0.55, 0.4, [0.02, 2], 'share of transfers between stages that blocks compute'),
  overlapSlowdown: spec(0.2, 0.6, [0.005, 1], 'share of hidden communication that compute still pays'),
  optimizerTraffic: spec(1, 0.3, [0.2, 4], 'memory traffic of the optimizer step over its count'),
  stepSeconds: spec(5e-3, 1, [1e-5, 0.3], 'constant of one step'),
  bubbleShare: spec(
    0.6,
    0.4,
    [0.1, 1.1],
    'share of the pipeline bubble that is met where a stack interleaves and does not say how',
  ),
  expertEfficiency: spec(0.6, 0.35, [0.1, 1.1], "grouped products of experts over a plain product's efficiency"),
  expertPrecisionGain: spec(0.6, 0.4, [0.05, 1.2], "how much of a narrow type's gain experts get, as an exponent"),
  expertTraffic: spec(1, 0.4, [0.1, 5], 'memory traffic of routing and permuting tokens over the count of passes'),
  allToAllRateShare: spec(0.8, 0.5, [0.05, 3], 'rate of all-to-all over the link share; above 1: overlapped'),
  congestedLayerSeconds: spec(
    1.5e-3,
    0.8,
    [1e-6, 2e-2],
    'time of one layer pass in the congested regime of a stack that has one',
  ),
  congestedExponent: spec(1, 0.4, [0.1, 2], 'its exponent in the tensor-parallel degree'),
} as const satisfies Readonly<Record<string, CoefficientSpec>>

export type CoefficientName = keyof typeof coefficientSpecs
export type Coefficients = Readonly<Record<CoefficientName, number>>

export const coefficientNames = Object.keys(coefficientSpecs) as readonly CoefficientName[]

/** Every coefficient at its prior. */
export const priorCoefficients: Coefficients = Object.fromEntries(
  coefficientNames.map((name) => [name, coefficientSpecs[name].prior]),
) as Coefficients
