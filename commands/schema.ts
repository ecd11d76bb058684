import * as Args from '@oclif/core/args'
import { BaseCommand } from '../src/cli/base.js'
import { fail, nearNames } from '../src/errors/index.js'

export default class Schema extends BaseCommand<typeof Schema> {
  static override description = 'Print the JSON Schema of a file format, or list the formats.'
  static override args = { name: Args.string({ description: 'format, such as stowage.cluster' }) }
  static override examples = [
    '<%= config.bin %> schema',
    '<%= config.bin %> schema stowage.cluster > cluster.schema.json',
    '<%= config.bin %> schema diff',
  ]

  async run(): Promise<void> {
    const { jsonSchemaOf, schemas } = await import('../src/formats/schemas.js')
    const names = Object.keys(schemas)
    const { name: asked } = this.args
    if (asked === undefined) return this.answer({ schemas: names }, { text: () => `${names.join('\n')}\n` })
    const name = Object.hasOwn(schemas, asked) ? asked : `stowage.${asked}`
    if (!Object.hasOwn(schemas, name)) {
      const near = nearNames(asked, names)
      fail('E100', `no format is called ${asked}`, {
        where: 'stowage schema',
        expected: (near.length ? near : names).join(', '),
      })
    }
    const document = jsonSchemaOf(name)
    this.answer(document, { text: () => `${JSON.stringify(document, null, 2)}\n` })
  }
}
