import type { Interfaces } from '@oclif/core'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { type Renderers, writeAnswer, writeLines } from './answer.js'
import { checkedOutputPath, formatFlag, refuseOverwriting } from './flags.js'
import { progressLine } from './progress.js'

/**
 * What every verb shares: the global flags, parsed arguments as `this.args` and `this.flags`, and how an answer is written.
 * A verb's run() calls one function of src/verbs and answers with what it returned; failures are thrown (main.ts reports them),
 * verdicts set process.exitCode. Heavy modules are imported inside run(), so that help stays quick.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override baseFlags = {
    json: Flags.boolean({
      description: 'Print one JSON document: --format json.',
      exclusive: ['format'],
      helpGroup: 'GLOBAL',
    }),
    format: formatFlag(),
    'output-file': Flags.string({
      char: 'o',
      description: 'Write the answer to a file too, as .json, .md or .xml says, else as on stdout.',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
      parse: checkedOutputPath,
    }),
    quiet: Flags.boolean({
      char: 'q',
      description: 'Print only errors and what --format asks for.',
      helpGroup: 'GLOBAL',
    }),
    'no-color': Flags.boolean({ description: 'No colour; the variable NO_COLOR does the same.', helpGroup: 'GLOBAL' }),
  }

  protected flags!: Interfaces.InferredFlags<(typeof BaseCommand)['baseFlags'] & T['flags']>
  protected args!: Interfaces.InferredArgs<T['args']>

  /** Names of the flags that were given, defaults left out. */
  protected given: readonly string[] = []

  override async init(): Promise<void> {
    await super.init()
    const { flags, args, baseFlags, strict } = this.ctor
    const parsed = await this.parse({ flags, args, baseFlags, strict })
    this.flags = parsed.flags as typeof this.flags
    this.args = parsed.args as typeof this.args
    this.given = Object.keys(parsed.flags).filter((name) => !parsed.metadata.flags[name]?.setFromDefault)
    refuseOverwriting(parsed.args, parsed.flags)
  }

  /** main.ts reports every failure; oclif would set exit code 1 here. */
  override async catch(error: Error): Promise<void> {
    throw error
  }

  /** Writes the answer to stdout as --format says, and to --output-file if there is one. */
  protected answer(document: object, renderers: Renderers): void {
    const { json, format, quiet, 'no-color': noColor, 'output-file': outputFile } = this.flags
    const asked = json ? 'json' : format
    const written = writeAnswer(document, renderers, { asked, quiet, noColor, outputFile })
    if (written) this.note(written)
  }

  /** Writes the answers of a batch, one JSON line each, as they come. */
  protected answerLines(answers: Iterable<object>): void {
    const { 'output-file': outputFile } = this.flags
    const written = writeLines(answers, outputFile)
    if (written) this.note(written)
  }

  /** A remark beside the answer, on stderr. */
  protected note(text: string): void {
    if (!this.flags.quiet) process.stderr.write(`${text}\n`)
  }

  /** Runs `work` with a progress callback that draws one line on a terminal's stderr once the work lasts. */
  protected withProgress<R>(label: string, work: (progress: (done: number, total: number) => void) => R): R {
    const line = progressLine(label, process.stderr, !this.flags.quiet)
    try {
      return work(line.update)
    } finally {
      line.end()
    }
  }
}
