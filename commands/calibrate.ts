import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'

const mostAnchors = 10

export default class Calibrate extends BaseCommand<typeof Calibrate> {
  static override description =
    'Fit the cost model to measured runs: few named, bounded coefficients for each stack and device. -o writes the calibration that simulate --calibration takes.'
  static override args = {
    measured: Args.string({
      description: 'Measured runs, one stowage.run with measured.stepSeconds a line; - for stdin.',
      required: true,
    }),
  }
  static override flags = {
    draws: Flags.integer({
      description: 'Choices of runs to fit that are tried: more are slower and slightly better.',
      default: 8,
      min: 1,
      max: 1000,
    }),
    anchors: Flags.integer({
      description: 'Most runs of a stack and device that are fitted; the others judge the fit.',
      default: mostAnchors,
      min: 1,
      max: mostAnchors,
    }),
    stack: Flags.string({ description: 'Fit the runs of this stack only.', helpValue: 'NAME' }),
  }
  static override examples = [
    '<%= config.bin %> calibrate fixtures/measured.jsonl -o calibration.json',
    '<%= config.bin %> simulate fixtures/llama3-8b-run.json --calibration calibration.json',
  ]

  async run(): Promise<void> {
    const [{ openSource }, { linesOf }, { runTables }, { calibrateRuns }, { calibrationText }] = await Promise.all([
      import('../src/cli/source.js'),
      import('../src/cli/jsonLines.js'),
      import('../src/cli/runTables.js'),
      import('../src/verbs/calibrateRuns.js'),
      import('../src/report/calibrationText.js'),
    ])
    const source = await openSource(this.args.measured)
    const { draws, anchors, stack } = this.flags
    const options = { draws, mostAnchors: anchors, ...(stack !== undefined && { stack }) }
    const { report, document } = calibrateRuns({
      lines: linesOf(source),
      name: source.name,
      tables: runTables(),
      ...options,
    })
    this.answer(report, {
      text: (style) => calibrationText(report, style),
      file: () => `${JSON.stringify(document, null, 2)}\n`,
    })
  }
}
