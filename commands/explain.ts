import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { calibrationFlag, planModelFlag } from '../src/cli/modelFlags.js'

export default class Explain extends BaseCommand<typeof Explain> {
  static override description =
    'Say why a plan is what it is: what binds, the next best, the proof; and why not another.'
  static override args = { plan: Args.string({ description: 'A plan.', required: true }) }
  static override flags = {
    'why-not': Flags.string({
      description: 'What else it could have been: tp=8,recompute=full (plans of training runs).',
      helpValue: 'NAME=VALUE,...',
      multiple: true,
      delimiter: ',',
    }),
    model: planModelFlag,
    calibration: calibrationFlag,
  }
  static override examples = [
    '<%= config.bin %> explain plan.json',
    '<%= config.bin %> explain run-plan.json --why-not tp=8,recompute=full',
  ]

  async run(): Promise<void> {
    const [{ openExplanation }, { explanationText }] = await Promise.all([
      import('../src/cli/openExplanation.js'),
      import('../src/report/explanationText.js'),
    ])
    const explanation = await openExplanation(this.args.plan, this.flags)
    this.answer(explanation, { text: (style) => explanationText(explanation, style) })
  }
}
