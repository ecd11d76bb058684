import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { bindFlag, clusterFlag, formatInFlag, memoryFlags, parseBind, profileFlag } from '../src/cli/modelFlags.js'
import { parallelFlags } from '../src/cli/parallelFlags.js'
import { placementFlags } from '../src/cli/placementFlags.js'
import { refuseStray } from '../src/cli/planFlags.js'
import { shardFlags } from '../src/cli/shardFlags.js'
import { trainingFlags } from '../src/cli/trainingFlags.js'
import type { RunPlan } from '../src/plan/index.js'

export default class Plan extends BaseCommand<typeof Plan> {
  static override description =
    'Choose where every op of a model runs, or how a training run is shared, under memory limits, and predict the step.'
  static override args = {
    model: Args.string({
      description: 'Model file (ONNX, stowage.graph, config.json and others) or shipped model.',
      required: true,
    }),
  }
  static override flags = {
    cluster: clusterFlag,
    strategy: Flags.string({
      description: 'Kind of plan; default parallel with --batch, else placement.',
      options: ['placement', 'parallel', 'fsdp'],
    }),
    ...parallelFlags,
    ...placementFlags,
    ...shardFlags,
    ...memoryFlags,
    bind: bindFlag,
    'format-in': formatInFlag,
    profile: profileFlag,
    ...trainingFlags,
  }
  static override examples = [
    '<%= config.bin %> plan fixtures/gpt2-small.onnx -c h100x4',
    '<%= config.bin %> plan fixtures/resnet50.onnx -c h100x2 --memory-limit 80MB -o plan.json',
    '<%= config.bin %> plan llama3-70b -c 16xh100x8 --batch 1024 --seq 8192 --stack megatron-core',
    '<%= config.bin %> plan llama3-8b --strategy fsdp --devices 256 --granularity rows:128',
    '<%= config.bin %> plan workload.json --objective throughput --no-contiguous',
  ]

  async run(): Promise<void> {
    const [{ openSource }, { clusterFor }, { loadOptions }, { loadGraph }, { planAnswer }, { canonicalJson }] =
      await Promise.all([
        import('../src/cli/source.js'),
        import('../src/cli/clusterFor.js'),
        import('../src/cli/loadOptions.js'),
        import('../src/verbs/loadGraph.js'),
        import('../src/cli/planAnswer.js'),
        import('../src/plan/index.js'),
      ])
    const { flags, args } = this
    const { openPlanBatch } = await import('../src/cli/openPlanBatch.js')
    const lines = await openPlanBatch(args.model)
    if (lines) {
      refuseStray(this.given, 'batch')
      return this.answerLines(lines)
    }
    if (flags.strategy === 'fsdp') return this.answerShards()
    const { openRunPlan } = await import('../src/cli/openRunPlan.js')
    const ofRun = await openRunPlan(args.model, flags, this.given)
    if (ofRun) return this.answerRunPlan(ofRun)
    if (flags.strategy === 'parallel' || (flags.strategy === undefined && flags.batch !== undefined)) {
      refuseStray(this.given, 'parallel')
      const { openParallel } = await import('../src/cli/openParallel.js')
      return this.answerRunPlan((await openParallel(args.model, flags)).plan)
    }
    refuseStray(this.given, 'placement')
    const bind = parseBind(flags.bind)
    const warn = (warning: string) => this.note(`warning: ${warning}`)
    const model = loadGraph(await openSource(args.model), bind, await loadOptions(flags))
    const limits = { memoryLimitBytes: flags['memory-limit'], reserveBytes: flags.reserve }
    const request = { model, ...(await clusterFor(flags.cluster, model, warn)), ...limits, bind }
    const { plan, text } = await planAnswer(request, flags)
    model.warnings.forEach(warn)
    this.answer(plan, { json: () => canonicalJson(plan), text })
  }

  private async answerShards(): Promise<void> {
    const [{ openShards }, { shardText }, { canonicalJson }] = await Promise.all([
      import('../src/cli/openShards.js'),
      import('../src/report/shardText.js'),
      import('../src/plan/index.js'),
    ])
    refuseStray(this.given, 'fsdp')
    const plan = await openShards(this.args.model, this.flags)
    this.answer(plan, { json: () => canonicalJson(plan), text: (style) => shardText(plan, style) })
  }

  private async answerRunPlan(plan: RunPlan): Promise<void> {
    const [{ runPlanText }, { canonicalJson }] = await Promise.all([
      import('../src/report/runPlanText.js'),
      import('../src/plan/index.js'),
    ])
    this.answer(plan, { json: () => canonicalJson(plan), text: (style) => runPlanText(plan, style) })
  }
}
