import { fail } from '../errors/index.js'

/**
 * How many devices share each part of the work. The product of all but `expert` is the number of devices: experts are spread over the devices of
 * the other axes (Megatron-Core's and torchtitan's convention), so expert parallelism adds none.
 */
export interface Degrees {
  readonly tensor: number
  readonly pipeline: number
  /** Replicas and shards of parameters together: every rank that works on other sequences. */
  readonly data: number
  readonly context: number
  readonly expert: number
}

/** The mesh, fastest axis last: neighbours in tensor parallelism are neighbours in numbering (Megatron-LM's default order tp-cp-dp-pp). */
export const meshAxes = ['pipeline', 'data', 'context', 'tensor'] as const
export type MeshAxis = (typeof meshAxes)[number]

/** Ranks between neighbours of an axis. */
export function meshStride(degrees: Degrees, axis: MeshAxis): number {
  return meshAxes.slice(meshAxes.indexOf(axis) + 1).reduce((product, inner) => product * degrees[inner], 1)
}

export function deviceCount({ tensor, pipeline, data, context }: Degrees): number {
  return tensor * pipeline * data * context
}

/** What a file may leave out of the degrees. */
export type PartialDegrees = Partial<Degrees>

/** Fills in the degree of data parallelism from the number of devices; E603 with every factor when the product is not that number. */
export function completeDegrees(given: PartialDegrees, devices: number, where: string): Degrees {
  const { tensor = 1, pipeline = 1, context = 1, expert = 1 } = given
  const others = tensor * pipeline * context
  const degrees: Degrees = { tensor, pipeline, context, expert, data: given.data ?? devices / others }
  const factors = `tp ${tensor} x pp ${pipeline} x cp ${context} x dp ${given.data ?? '?'}`
  if (!Number.isInteger(degrees.data) || degrees.data < 1)
    fail('E603', `${devices} devices cannot be shared by ${factors}`, {
      where,
      expected: `tp x pp x cp (now ${others}) to divide ${devices}`,
      found: factors,
    })
  if (deviceCount(degrees) !== devices)
    fail('E603', `${factors} is ${deviceCount(degrees)} devices, the cluster has ${devices}`, {
      where,
      expected: `tp x pp x cp x dp = ${devices}`,
      found: factors,
      fix: dataFix(devices, others),
    })
  const spread = degrees.data * context * tensor
  if (spread % expert !== 0)
    fail('E603', `experts cannot be spread over ep ${expert}`, {
      where,
      expected: `a divisor of dp x cp x tp = ${spread}`,
      found: `ep ${expert}`,
    })
  return degrees
}

function dataFix(devices: number, others: number): string {
  if (devices % others === 0) return `leave dp out, or take dp ${devices / others}`
  return `take tp, pp and cp whose product divides ${devices}: ${others} does not`
}
