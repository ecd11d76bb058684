import { Args } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { bindFlag, parseBind } from '../src/cli/modelFlags.js'

export default class Inspect extends BaseCommand<typeof Inspect> {
  static override description = 'Show what was understood of a model: ops, parameters, FLOPs, and what is not modelled.'
  static override args = { input: Args.string({ description: 'Model file: ONNX or stowage.graph.', required: true }) }
  static override flags = { bind: bindFlag }
  static override examples = [
    '<%= config.bin %> inspect fixtures/gpt2-small.onnx',
    '<%= config.bin %> inspect fixtures/resnet50.onnx --json',
  ]

  async run(): Promise<void> {
    const [{ openSource }, { loadGraph }, { inspectModel }, { inspectText }] = await Promise.all([
      import('../src/cli/source.js'),
      import('../src/verbs/loadGraph.js'),
      import('../src/verbs/inspectModel.js'),
      import('../src/report/inspectText.js'),
    ])
    const inspection = inspectModel(loadGraph(await openSource(this.args.input), parseBind(this.flags.bind)))
    this.answer(inspection, { text: (style) => inspectText(inspection, style) })
  }
}
