import { BaseCommand } from '../src/cli/base.js'

export default class Models extends BaseCommand<typeof Models> {
  static override description = 'List the models that plan, inspect and simulate know by name.'
  static override examples = ['<%= config.bin %> models', '<%= config.bin %> models --json']

  async run(): Promise<void> {
    const [{ shippedModels }, { listModels }, { modelsText }] = await Promise.all([
      import('../src/cli/models.js'),
      import('../src/verbs/models.js'),
      import('../src/report/modelsText.js'),
    ])
    const listing = listModels(shippedModels(''))
    this.answer(listing, { text: (style) => modelsText(listing, style) })
  }
}
