import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { formatFlag } from '../src/cli/flags.js'
import { exitCodes } from '../src/errors/index.js'

export default class Diff extends BaseCommand<typeof Diff> {
  static override description = 'Say how two plans differ: decisions, predictions, and which input changed.'
  static override args = {
    base: Args.string({ description: 'The plan as it was; - for stdin.', required: true }),
    head: Args.string({ description: 'The plan as it is now; - for stdin.', required: true }),
  }
  static override flags = {
    format: formatFlag('markdown'),
    'exit-code': Flags.boolean({ description: 'End with 1 when decisions or predictions differ.' }),
    model: Flags.string({
      description: "The head's model file, to group ops by its modules where their names do not tell them.",
      helpValue: 'FILE',
    }),
  }
  static override examples = [
    '<%= config.bin %> diff base.json head.json',
    'git show main:plan.json | <%= config.bin %> diff - plan.json --exit-code --format markdown',
  ]

  async run(): Promise<void> {
    const [{ diffInputs }, { diffPlans }, { canonicalJson }, { diffText }, { diffMarkdown }] = await Promise.all([
      import('../src/cli/diffInputs.js'),
      import('../src/verbs/diffPlans.js'),
      import('../src/plan/index.js'),
      import('../src/report/diffText.js'),
      import('../src/report/diffMarkdown.js'),
    ])
    const diff = diffPlans(await diffInputs(this.args.base, this.args.head, this.flags.model))
    this.answer(diff, {
      json: () => canonicalJson(diff),
      text: (style) => diffText(diff, style),
      markdown: () => diffMarkdown(diff),
    })
    if (this.flags['exit-code'] && !diff.same) process.exitCode = exitCodes.no
  }
}
