import { Args } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { bindFlag, parseBind } from '../src/cli/modelFlags.js'
import type { Source } from '../src/formats/source.js'

export default class Inspect extends BaseCommand<typeof Inspect> {
  static override description =
    'Show what was understood: ops, parameters, FLOPs and what is not modelled of a model; devices and links of a cluster.'
  static override args = {
    input: Args.string({ description: 'Model file, cluster file or cluster preset.', required: true }),
  }
  static override flags = { bind: bindFlag }
  static override examples = [
    '<%= config.bin %> inspect fixtures/gpt2-small.onnx',
    '<%= config.bin %> inspect fixtures/resnet50.onnx --json',
    '<%= config.bin %> inspect 2xh100x8',
  ]

  async run(): Promise<void> {
    const { input } = this.args
    const [{ openSource }, { isClusterName }, { detectFormat }] = await Promise.all([
      import('../src/cli/source.js'),
      import('../src/cli/openCluster.js'),
      import('../src/formats/detect.js'),
    ])
    if (isClusterName(input)) return this.inspectCluster()
    const source = await openSource(input)
    if (detectFormat(source) === 'stowage.cluster') return this.inspectCluster()
    return this.inspectModel(source)
  }

  private async inspectModel(source: Source): Promise<void> {
    const [{ loadGraph }, { inspectModel }, { inspectText }] = await Promise.all([
      import('../src/verbs/loadGraph.js'),
      import('../src/verbs/inspectModel.js'),
      import('../src/report/inspectText.js'),
    ])
    const inspection = inspectModel(loadGraph(source, parseBind(this.flags.bind)))
    this.answer(inspection, { text: (style) => inspectText(inspection, style) })
  }

  private async inspectCluster(): Promise<void> {
    const [{ openCluster }, { inspectCluster }, { clusterText }] = await Promise.all([
      import('../src/cli/openCluster.js'),
      import('../src/verbs/clusters.js'),
      import('../src/report/clusterText.js'),
    ])
    const warnings: string[] = []
    const inspection = inspectCluster(await openCluster(this.args.input, (warning) => warnings.push(warning)), warnings)
    this.answer(inspection, { text: (style) => clusterText(inspection, style) })
  }
}
