import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { checkedOutputPath } from '../src/cli/flags.js'
import {
  bindFlag,
  calibrationFlag,
  clusterFlag,
  formatInFlag,
  memoryFlags,
  planModelFlag,
  profileFlag,
} from '../src/cli/modelFlags.js'
import { trainingFlags } from '../src/cli/trainingFlags.js'
import type { Trace } from '../src/report/traceEvents.js'

export default class Simulate extends BaseCommand<typeof Simulate> {
  static override description = 'Predict the step time and memory of a plan, or of a placement made elsewhere.'
  static override args = {
    input: Args.string({
      description: 'A plan, a training run, a batch of runs (.jsonl), or a model file with --placement.',
      required: true,
    }),
  }
  static override flags = {
    placement: Flags.string({
      description: 'Op-to-device map: {"op": device} or [["op", device], ...].',
      helpValue: 'MAP',
    }),
    model: planModelFlag,
    cluster: clusterFlag,
    ...memoryFlags,
    bind: bindFlag,
    'format-in': formatInFlag,
    profile: profileFlag,
    ...trainingFlags,
    calibration: calibrationFlag,
    schedule: Flags.boolean({ description: 'Write the start and end of every op and transfer.' }),
    unfold: Flags.boolean({
      description:
        'Of a training run: play every rank, microbatch, collective and transfer, on links of their own and on shared ones.',
    }),
    trace: Flags.string({
      description: 'Draw the step for Perfetto or chrome://tracing: a trace-event file.',
      helpValue: 'FILE',
      parse: checkedOutputPath,
    }),
  }
  static override examples = [
    '<%= config.bin %> simulate plan.json --model fixtures/gpt2-small.onnx -c h100x4',
    '<%= config.bin %> simulate fixtures/diamond.json --placement map.json -c h100x2',
  ]

  async run(): Promise<void> {
    const { openRuns } = await import('../src/cli/openRuns.js')
    const runs = await openRuns(this.args.input, this.flags)
    if (runs?.lines) return this.answerLines(runs.lines)
    if (runs) {
      for (const warning of runs.prediction.warnings ?? []) this.note(`warning: ${warning}`)
      await this.writeTrace(runs.trace)
      const { runText } = await import('../src/report/runText.js')
      return this.answer(runs.prediction, { text: (style) => runText(runs.prediction, style) })
    }
    const [{ openSimulation }, { simulateOperators }, { canonicalJson }, { placementText }, { tracePlacement }] =
      await Promise.all([
        import('../src/cli/openSimulation.js'),
        import('../src/verbs/simulateOperators.js'),
        import('../src/plan/index.js'),
        import('../src/report/placementText.js'),
        import('../src/verbs/tracePlacement.js'),
      ])
    const request = await openSimulation(this.args.input, this.flags)
    const { prediction, problem, schedule } = simulateOperators(request)
    await this.writeTrace(() => tracePlacement({ problem, schedule }))
    for (const warning of request.model.warnings) this.note(`warning: ${warning}`)
    const document = { kind: 'stowage.prediction', schemaVersion: '1.0', ...prediction }
    const { graph } = request.model
    this.answer(document, {
      json: () => canonicalJson(document),
      text: (style) =>
        placementText(
          {
            graph,
            cluster: request.cluster,
            memoryLimits: problem.memoryLimits,
            deviceOf: schedule.opDevice,
            prediction,
          },
          style,
        ),
    })
  }

  private async writeTrace(trace: () => Trace): Promise<void> {
    const file = this.flags.trace
    if (file === undefined) return
    const { writeTrace } = await import('../src/cli/writeTrace.js')
    this.note(writeTrace(file, trace()))
  }
}
