import { Args } from '@oclif/core'
import { BaseCommand } from '../src/cli/base.js'
import { bindFlag, formatInFlag, parseBind } from '../src/cli/modelFlags.js'

export default class Validate extends BaseCommand<typeof Validate> {
  static override description = 'Say what a file is and whether it is valid, or everything that is wrong with it.'
  static override args = {
    file: Args.string({ description: 'Any file that stowage reads; - for stdin.', required: true }),
  }
  static override flags = { bind: bindFlag, 'format-in': formatInFlag }
  static override examples = ['<%= config.bin %> validate fixtures/diamond.json']

  async run(): Promise<void> {
    const [{ openSource }, { shippedHardware }, { validateFile }] = await Promise.all([
      import('../src/cli/source.js'),
      import('../src/cli/openCluster.js'),
      import('../src/verbs/validateFile.js'),
    ])
    const { catalogue } = shippedHardware()
    const { bind, 'format-in': formatIn } = this.flags
    const context = { bind: parseBind(bind), catalogue, formatIn }
    const validation = validateFile(await openSource(this.args.file), context)
    for (const warning of validation.warnings) this.note(`warning: ${warning}`)
    const { file, format, holds } = validation
    this.answer(validation, { text: () => `${file}: valid ${format}${holds ? `, ${holds}` : ''}\n` })
  }
}
