import { z } from 'zod'

/** What a device costs, as somebody published it on a day. */
export const priceSchema = z.strictObject({
  perDeviceHour: z.number().min(0).max(1e9),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capitals, as in EUR (ISO 4217)'),
  asOf: z.iso.date().describe('YYYY-MM-DD'),
  source: z.string().min(1),
})
