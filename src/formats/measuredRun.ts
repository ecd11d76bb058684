import { z } from 'zod'
import { fail } from '../errors/index.js'
import { shown } from './fields.js'
import { parseWith } from './parseWith.js'
import { runSchema } from './runSchema.js'

/** What was measured of a run, beside the run itself. */
export interface Measurement {
  readonly id?: string
  /** Where the figure was read, without the line of the file. */
  readonly source: string
  readonly stepSeconds: number
}

export type MeasurementReading = Measurement | { readonly ranOut: true }

/** The measurement of a stowage.run that was run; E105 where it has no step time, though it did not run out of memory. */
export function readMeasurement(value: unknown, where: string): MeasurementReading {
  const { id, source, measured } = parseWith(measuredRunSchema, value, where)
  if (measured?.oom) return { ranOut: true }
  const stepSeconds = measured?.stepSeconds ?? 0
  if (!(stepSeconds > 0))
    return fail('E105', 'the run has no measured step time', {
      where: `${where}#/measured/stepSeconds`,
      expected: 'seconds of one step, above 0',
      found: shown(measured?.stepSeconds),
    })
  return { ...(id !== undefined && { id: String(id) }), source: source?.split('#')[0] ?? 'unstated', stepSeconds }
}

/** What was seen of a run that was run; other figures are welcome. */
const measuredSchema = z.looseObject({
  stepSeconds: z.number().nullish(),
  oom: z.boolean().nullish().describe('It ran out of memory'),
})

/** The measurement of a run, whatever the run is. */
const measuredRunSchema = runSchema.pick({ id: true, source: true }).extend({ measured: measuredSchema.nullish() })
