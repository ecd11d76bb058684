import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { costTable } from '../../src/cost/index.js'
import { buildGraph } from '../../src/graph/index.js'
import { placeSct } from '../../src/place/sct.js'
import { schedulingProblem } from '../../src/schedule/index.js'

/** A graph whose m-SCT program javascript-lp-solver went round in for ever: the next solver must be asked instead. */
it('ends on a degenerate program that the tiny solver cycles on', async () => {
  const text = readFileSync(new URL('./degenerate.json', import.meta.url), 'utf8')
  const { graph: description, cluster, limits } = JSON.parse(text)
  const graph = buildGraph(description)
  const memory = Float64Array.from(Object.values<number>(limits))
  const problem = schedulingProblem(graph, cluster, costTable(graph, cluster), memory)
  const attempt = await placeSct(problem, 'auto')
  expect('placement' in attempt || attempt.miss.placedOps < graph.ops.length).toBe(true)
})
