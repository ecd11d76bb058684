import { z } from 'zod'
import { Problems } from '../errors/index.js'
import { parseWith } from './parseWith.js'

const parameter = z.object({
  name: z.string().min(1),
  shape: z.array(z.int().min(0).max(Number.MAX_SAFE_INTEGER)).max(16),
  dtype: z.string().optional().describe('Default bf16'),
  module: z.string().optional(),
  granularity: z.string().optional().describe('rows:N, dim0, matrix or element; wins over the options'),
})

export type ListedParameter = z.infer<typeof parameter>

/** A bare list of parameters, or any document with one under `parameters`. Throws E105, E202 for a name that stands twice, E204 for too many elements. */
export function readParameterList(value: unknown, where: string): readonly ListedParameter[] {
  const list = parseWith(z.array(parameter), listOf(value), where)
  const problems = new Problems()
  const seen = new Set<string>()
  let elements = 0
  list.forEach(({ name, shape }, index) => {
    if (seen.has(name))
      problems.add('E202', `parameter ${name} stands twice`, { where: `${where}#/${index}/name`, found: name })
    seen.add(name)
    elements += shape.reduce((product, dim) => product * dim, 1)
  })
  if (elements > mostElements)
    problems.add('E204', 'the parameters have more elements than can be counted', {
      where,
      expected: `${mostElements} at most`,
      found: String(elements),
    })
  problems.throwIfAny()
  return list
}

/** So that offsets in the buffers of any number of devices are counted exactly. */
const mostElements = 2 ** 48

function listOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return (value as { readonly parameters?: unknown }).parameters
}
