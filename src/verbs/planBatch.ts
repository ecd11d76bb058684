import { fail } from '../errors/index.js'
import { parseJson } from '../formats/json.js'
import { readParameterList } from '../formats/parameterList.js'
import { type PlanLineRequest, readPlanRequest, readShardOptions } from '../formats/planRequest.js'
import { planShards } from './planShards.js'
import { type BatchAnswer, lineError } from './simulateBatch.js'

type Planner = (request: PlanLineRequest, where: string) => object

/** Strategies that a batch answers; another is one line here. */
const planners: Readonly<Record<string, Planner>> = {
  fsdp: ({ parameters, options }, where) => {
    const { devices, granularity = [], buffers = 'one' } = readShardOptions(options, `${where}#/options`)
    const list = readParameterList(parameters, `${where}#/parameters`)
    return planShards(
      { name: 'parameters', parameters: list, devices, granularity: [granularity].flat(), buffers },
      where,
    )
  },
}

/** Answers one line of a batch of plans; a wrong line is an answer too, so that it never stops the rest. */
export function planLine(text: string, number: number, name: string): BatchAnswer {
  let id: string | number = number
  const where = `${name}:${number}`
  try {
    const value = parseJson(text, name, number)
    const own = (value as { id?: unknown } | null)?.id
    if (typeof own === 'string' || typeof own === 'number') id = own
    const request = readPlanRequest(value, where)
    return { id, ...plannerOf(request, where)(request, where) }
  } catch (error) {
    return { id, error: lineError(error, where) }
  }
}

/** The strategy that is named, else the one for what the request holds. */
function plannerOf({ options, ...request }: PlanLineRequest, where: string): Planner {
  const named = options?.strategy ?? (request.parameters === undefined ? undefined : 'fsdp')
  const planner = typeof named === 'string' && Object.hasOwn(planners, named) ? planners[named] : undefined
  return (
    planner ??
    fail('E105', named === undefined ? 'the request names no strategy' : 'no such strategy in a batch', {
      where: `${where}#/options/strategy`,
      expected: Object.keys(planners).join(', '),
      ...(named !== undefined && { found: JSON.stringify(named) }),
    })
  )
}
