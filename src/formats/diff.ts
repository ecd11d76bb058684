import { z } from 'zod'

const count = z.int().min(0)
const place = count.nullable().describe('Device or stage; null where the plan has none')
const identity = z.object({ name: z.string(), sha256: z.string() })
const named = z.object({ name: z.string(), planHash: z.string() })
const unit = z.enum(['seconds', 'bytes', 'fraction', 'number'])
const valueChange = z
  .object({ path: z.array(z.union([z.string(), count])), base: z.unknown().optional(), head: z.unknown().optional() })
  .describe('The side that lacks the value has no key for it')
const moveCounts = { moved: count, added: count, removed: count }
const groups = z
  .array(z.object({ modules: z.string(), from: place, to: place, count, of: count }))
  .describe('Moves of one way in neighbouring modules: transformer.h.3-5; of = how many these modules have in all')

const decisions = z.object({
  same: z.boolean(),
  placement: z
    .object({
      ...moveCounts,
      of: count,
      renumbered: z.boolean().describe('The same parts on devices of other numbers: nothing else moved'),
      groups,
      moves: z.array(z.tuple([z.string(), place, place])).describe('[op, from, to]'),
    })
    .optional(),
  order: z
    .object({
      ...moveCounts,
      of: count,
      removedAt: z.array(count).describe("Positions in the base's order"),
      insertedAt: z
        .array(z.tuple([count, z.union([z.string(), z.tuple([z.string(), count])])]))
        .describe("[position in the head's order, entry]"),
    })
    .optional(),
  mesh: z.array(z.object({ axis: z.string(), base: count.optional(), head: count.optional() })).optional(),
  stages: z
    .object({
      ...moveCounts,
      base: count,
      head: count,
      groups,
      devices: z.array(z.object({ stage: count, base: z.array(count).optional(), head: z.array(count).optional() })),
    })
    .optional(),
  fsdp: z
    .object({
      base: count,
      head: count,
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    })
    .optional(),
  experts: z
    .object({ layers: count, of: count, gained: count, lost: count })
    .optional()
    .describe('Experts that devices hold in the head alone, and in the base alone'),
  changes: z.array(valueChange).describe('Every other decision that differs, value by value'),
})

const prediction = z.object({
  same: z.boolean(),
  figures: z.array(
    z.object({
      figure: z.string().describe('Where it stands in the prediction; of a list by device, the largest'),
      unit,
      better: z.enum(['less', 'more', 'neither']),
      base: z.number(),
      head: z.number(),
      difference: z.number(),
      percent: z.number().nullable().describe('Of the base; null where the base is 0'),
    }),
  ),
  changes: z.array(valueChange),
  places: z
    .array(
      z.object({ figure: z.string(), unit, place: count, base: z.number().optional(), head: z.number().optional() }),
    )
    .describe('Figures by device or stage, where they differ'),
})

/** What `stowage diff` answers. */
export const diffSchema = z.object({
  kind: z.literal('stowage.diff'),
  schemaVersion: z.string(),
  same: z.boolean().describe('Neither decisions nor predictions differ'),
  base: named,
  head: named,
  why: z.object({
    inputs: z.array(z.object({ input: z.string(), base: identity, head: identity })),
    options: z.array(valueChange),
  }),
  decisions,
  prediction,
  skipped: z.array(z.object({ what: z.string(), in: z.enum(['base', 'head', 'both']), why: z.string() })),
})
