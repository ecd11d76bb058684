import * as Args from '@oclif/core/args'
import { atomicWrite } from '../../../../dist/src/cli/atomicWrite.js'
import { BaseCommand } from '../../../../dist/src/cli/base.js'

/** Writes a large file over and over, for a test that kills it in the middle. */
export default class Overwrite extends BaseCommand {
  static args = { file: Args.string({ required: true }) }

  async run() {
    for (let round = 0; ; round++) {
      atomicWrite(this.args.file, `${String(round % 10).repeat(8 * 2 ** 20)}\n`)
      if (round === 0) process.stdout.write('started\n')
    }
  }
}
