import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { shippedHardware } from '../../src/cli/openCluster.js'
import { bytesSource } from '../../src/formats/source.js'
import { resolveClusterName } from '../../src/hardware/index.js'
import { judgedPlacement } from '../../src/verbs/configuredPlacement.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { planOperators } from '../../src/verbs/planOperators.js'

const { catalogue, presets } = shippedHardware()
const model = (name: string) =>
  loadGraph(bytesSource(name, readFileSync(new URL(`../../fixtures/${name}`, import.meta.url))), new Map())

test.each(['etf', 'heft', 'topo', 'auto'] as const)(
  'with %s, is the plan that plan makes but for its bound',
  async (placer) => {
    for (const [name, memoryLimitBytes] of [
      ['diamond.json', undefined],
      ['resnet50.onnx', 120e6],
    ] as const) {
      const clusterName = 'h100x2'
      const cluster = resolveClusterName(clusterName, catalogue, presets)
      const request = {
        model: model(name),
        cluster,
        clusterName,
        memoryLimitBytes,
        reserveBytes: 0,
        bind: new Map(),
        placer,
        lpSolver: 'auto' as const,
        effort: 0,
        withSchedule: false,
      }
      const { plan: whole, problem } = await planOperators(request)
      const { plan, limitBytes } = await judgedPlacement(request)
      const { lowerBoundSeconds: _, ...prediction } = plan.prediction as typeof whole.prediction
      expect(whole).toMatchObject({
        name: plan.name,
        provenance: plan.provenance,
        decisions: plan.decisions,
        planHash: plan.planHash,
        prediction,
      })
      expect(limitBytes).toEqual(problem.memoryLimits)
    }
  },
)

test('what has no plan is told as plan tells it', async () => {
  const clusterName = 'h100x2'
  const cluster = resolveClusterName(clusterName, catalogue, presets)
  const request = {
    model: model('resnet50.onnx'),
    cluster,
    clusterName,
    memoryLimitBytes: 40e6,
    reserveBytes: 0,
    bind: new Map(),
    placer: 'etf' as const,
    lpSolver: 'auto' as const,
    effort: 0,
    withSchedule: false,
  }
  const told = async (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: { problems: unknown }) => error.problems,
    )
  const expected = await told(planOperators(request))
  expect(expected).toMatchObject([{ code: 'E301' }])
  expect(await told(judgedPlacement(request))).toEqual(expected)
})
