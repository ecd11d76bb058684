import { BaseCommand } from '../../../../dist/src/cli/base.js'
import { formatFlag } from '../../../../dist/src/cli/flags.js'

/** An answer far larger than the buffer of a pipe. */
export default class Big extends BaseCommand {
  static flags = { format: formatFlag('markdown') }

  async run() {
    const numbers = Array.from({ length: 1_000_000 }, (_, i) => i)
    this.answer({ numbers }, { text: () => `${numbers.join('\n')}\n`, markdown: () => '# numbers\n' })
  }
}
