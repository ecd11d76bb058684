import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { bindFlag, clusterFlag, formatInFlag, parseBind } from '../src/cli/modelFlags.js'

export default class Init extends BaseCommand<typeof Init> {
  static override description =
    'Write a commented stowage.config.json for a model: a plan, and budgets for stowage gate.'
  static override args = {
    model: Args.string({ description: 'Model file, config.json or shipped model.', required: true }),
  }
  static override flags = {
    cluster: clusterFlag,
    config: Flags.string({
      description: 'Where to write.',
      helpValue: 'FILE',
      default: 'stowage.config.json',
      env: 'STOWAGE_CONFIG',
    }),
    bind: bindFlag,
    'format-in': formatInFlag,
    force: Flags.boolean({ description: 'Write over a config that is there.' }),
  }
  static override examples = ['<%= config.bin %> init fixtures/gpt2-small.onnx -c h100x4']

  async run(): Promise<void> {
    const { writeConfig } = await import('../src/cli/configInit.js')
    const { cluster, config, bind, 'format-in': formatIn, force } = this.flags
    const request = { model: this.args.model, cluster, path: config, bind: parseBind(bind), formatIn, force }
    const { path, plan, report } = await writeConfig(request)
    const { gateText } = await import('../src/report/gateReports.js')
    const document = { kind: 'stowage.init', schemaVersion: '1.0', config: path, plan, status: report.status }
    this.answer(document, {
      text: (style) =>
        `Wrote ${path}\n${gateText(report, style)}Next: stowage gate, and in a pull request stowage gate --base git:origin/main\n`,
    })
  }
}
