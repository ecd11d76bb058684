import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { formatFlag } from '../src/cli/flags.js'
import { UserError } from '../src/errors/index.js'

export default class Gate extends BaseCommand<typeof Gate> {
  static override description = 'Hold the plans of stowage.config.json to their budgets, against a base.'
  static override args = {
    plan: Args.string({ description: 'Names of plans; absent: all.', multiple: true }),
  }
  static override flags = {
    format: formatFlag('markdown', 'github', 'junit'),
    config: Flags.string({
      description: 'Config file; absent: the nearest stowage.config.json upward.',
      helpValue: 'FILE',
      env: 'STOWAGE_CONFIG',
    }),
    base: Flags.string({
      description: 'What to compare with: git:REF, planned anew from the files of that commit, or a plan file.',
      helpValue: 'git:REF|PLAN',
      env: 'STOWAGE_BASE',
    }),
    placer: Flags.string({
      description: 'Placer of all operator graphs, whatever the config says.',
      options: ['auto', 'etf', 'sct', 'heft', 'topo', 'optimal'],
      env: 'STOWAGE_PLACER',
    }),
    calibration: Flags.string({
      description: 'Calibrations of your own, for training runs on both sides.',
      helpValue: 'FILE',
      env: 'STOWAGE_CALIBRATION',
    }),
    write: Flags.boolean({ description: 'Write every plan to its "out".' }),
  }
  static override examples = [
    '<%= config.bin %> gate',
    '<%= config.bin %> gate --base git:origin/main --format github -o gate.md',
  ]

  async run(): Promise<void> {
    const [{ openConfig }, { shownPath }, { problemsGithub }] = await Promise.all([
      import('../src/cli/configFile.js'),
      import('../src/cli/gateTree.js'),
      import('../src/report/gateGithub.js'),
    ])
    let shown = 'stowage.config.json'
    try {
      const file = await openConfig(this.flags.config)
      shown = shownPath(file.path)
      await this.gate(file, shown)
    } catch (error) {
      if (this.flags.format === 'github' && error instanceof UserError)
        process.stdout.write(problemsGithub(error.problems, shown))
      throw error
    }
  }

  private async gate(file: Awaited<ReturnType<typeof import('../src/cli/configFile.js').openConfig>>, shown: string) {
    const [{ gateRequest }, { gatePlans }, { canonicalJson }, reports] = await Promise.all([
      import('../src/cli/gateRequest.js'),
      import('../src/verbs/gatePlans.js'),
      import('../src/plan/index.js'),
      import('../src/report/gateReports.js'),
    ])
    const { report, planned } = await gatePlans(await gateRequest(file, this.args.plan ?? [], this.flags))
    if (this.flags.write) {
      const { writePlans } = await import('../src/cli/gateWrite.js')
      for (const written of writePlans(file, planned)) this.note(written)
    }
    const document = reports.gateDocument(report)
    this.answer(document, {
      json: () => canonicalJson(document),
      text: (style) => reports.gateText(report, style),
      markdown: () => reports.gateMarkdown(report),
      github: () => reports.gateGithub(report, shown),
      junit: () => reports.gateJunit(report),
    })
    process.exitCode = report.exitCode
  }
}
