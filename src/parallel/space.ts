import type { Degrees, ModelDescription, Precision, Recomputation, Sharing, TrainingRun } from '../model/index.js'

/** What every configuration of a search has in common. */
export interface SearchSpace {
  readonly model: ModelDescription
  readonly devices: number
  /** Devices that share one fast interconnect: tensor parallelism does not leave it. */
  readonly domainDevices: number
  readonly globalBatch: number
  readonly precision: Precision
  readonly optimizer: string
  readonly stack: string
  readonly pins: Pins
  /** Names of pipeline schedules to try, beside those that a pin names. */
  readonly schedules: readonly string[]
  readonly recomputations: readonly Recomputation[]
}

/** What is not to be chosen. */
export interface Pins {
  readonly tp?: number
  readonly pp?: number
  readonly cp?: number
  readonly dp?: number
  readonly ep?: number
  readonly microbatch?: number
  readonly virtualStages?: number
  readonly schedule?: string
  readonly recompute?: Recomputation
  readonly zeroStage?: 0 | 1 | 2 | 3
  readonly offload?: boolean
}

/** Microbatches above this many sequences are tried only when pinned: activations grow, and matrix products are long efficient. */
const largestMicrobatch = 16
/** Context parallelism is tried down to so many tokens a rank. */
const fewestTokensPerRank = 2048

/**
 * Every configuration: degrees whose product is the devices, stages a rank, schedule, microbatch, recomputation, what data ranks share. Left out is what cannot
 * run (layers, heads or sequences that do not divide) and what is never better here: tensor parallelism across domains, and without sequence parallelism.
 */
export function* configurations(space: SearchSpace): Generator<TrainingRun> {
  for (const degrees of degreesOf(space))
    for (const microbatch of microbatches(space, degrees))
      for (const { schedule, virtualStages } of pipelines(space, degrees, microbatch))
        for (const zeroStage of zeroStages(space, degrees))
          for (const recompute of space.pins.recompute ? [space.pins.recompute] : space.recomputations) {
            const sharing: Sharing = {
              degrees,
              schedule,
              virtualStages,
              sequenceParallel: degrees.tensor > 1,
              zeroStage,
              fullyShard: zeroStage === 3,
              offload: space.pins.offload ?? false,
            }
            const { model, globalBatch, precision, optimizer, stack } = space
            yield { model, recipe: { globalBatch, microbatch, precision, recompute, optimizer }, sharing, stack }
          }
}

function* degreesOf({ model, devices, domainDevices, globalBatch, pins }: SearchSpace): Generator<Degrees> {
  for (const tensor of wanted(pins.tp, divisors(devices)))
    if ((pins.tp || tensor <= domainDevices) && isTensorDegree(model, tensor))
      for (const pipeline of wanted(pins.pp, divisors(devices / tensor)))
        if (pipeline <= model.layers)
          for (const context of wanted(pins.cp, contextDegrees(model, devices / tensor / pipeline))) {
            const data = devices / tensor / pipeline / context
            if (!Number.isInteger(data) || globalBatch % data !== 0 || (pins.dp ?? data) !== data) continue
            for (const expert of wanted(pins.ep, divisors(Math.max(1, model.experts))))
              if (Math.max(1, model.experts) % expert === 0 && (data * context * tensor) % expert === 0)
                yield { tensor, pipeline, context, data, expert }
          }
}

/** Heads, and the widths of the MLP, in equal parts; key and value heads too, or whole ones repeated. */
function isTensorDegree({ heads, kvHeads, ffn, expertFfn, experts }: ModelDescription, tensor: number): boolean {
  const sharesHeads = heads % tensor === 0 && (kvHeads % tensor === 0 || tensor % kvHeads === 0)
  return sharesHeads && ffn % tensor === 0 && (experts === 0 || expertFfn % tensor === 0)
}

function contextDegrees({ seq }: ModelDescription, devices: number): number[] {
  // Each rank takes two pieces, one from each end, for causal attention to be shared equally (Llama 3, arXiv 2407.21783, section 3.3.2).
  return divisors(devices).filter((n) => n === 1 || (seq % (2 * n) === 0 && seq / n >= fewestTokensPerRank))
}

function microbatches({ globalBatch, pins }: SearchSpace, { data }: Degrees): readonly number[] {
  const perRank = globalBatch / data
  const powers = [1, 2, 4, 8, largestMicrobatch]
  return wanted(pins.microbatch, powers).filter((size) => perRank % size === 0)
}

function* pipelines(
  { model, globalBatch, pins, schedules }: SearchSpace,
  { pipeline, data }: Degrees,
  microbatch: number,
): Generator<{ readonly schedule: string; readonly virtualStages: number }> {
  if (pipeline === 1) {
    if ((pins.virtualStages ?? 1) === 1) yield { schedule: 'none', virtualStages: 1 }
    return
  }
  const count = globalBatch / data / microbatch
  const chunks = wanted(
    pins.virtualStages,
    divisors(model.layers).filter((n) => n * pipeline <= model.layers),
  )
  for (const virtualStages of chunks) {
    if (!isDealt(model.layers, pipeline * virtualStages)) continue
    // Interleaved stages take whole rounds of microbatches (arXiv 2104.04473, section 2.2.2).
    if (virtualStages > 1 && count % pipeline !== 0) continue
    const names = pins.schedule ? [pins.schedule] : virtualStages > 1 ? ['interleaved-1f1b'] : schedules
    for (const schedule of names) yield { schedule, virtualStages }
  }
}

/** In equal stages, or with embedding and head counted as a layer each (`evenLayout`). */
function isDealt(layers: number, stages: number): boolean {
  return layers % stages === 0 || (layers + 2) % stages === 0
}

function zeroStages({ pins }: SearchSpace, { data, context }: Degrees): readonly (0 | 1 | 2 | 3)[] {
  if (pins.zeroStage !== undefined) return [pins.zeroStage]
  return data * context > 1 ? [0, 1, 3] : [0]
}

function wanted(pinned: number | undefined, all: readonly number[]): readonly number[] {
  return pinned === undefined ? all : [pinned]
}

function divisors(n: number): number[] {
  const found: number[] = []
  for (let k = 1; k <= n; k++) if (n % k === 0) found.push(k)
  return found
}
