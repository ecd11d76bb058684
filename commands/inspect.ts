import { Args, Flags } from '@oclif/core'
import { refuseFlags } from '../src/cli/applicable.js'
import { BaseCommand } from '../src/cli/base.js'
import { bindFlag, coarsenFlag, formatInFlag, parseBind, profileFlag } from '../src/cli/modelFlags.js'
import { trainingFlags } from '../src/cli/trainingFlags.js'
import type { GraphWriterName } from '../src/formats/graphWriters.js'
import type { Source } from '../src/formats/source.js'
import type { LoadedGraph } from '../src/verbs/loadGraph.js'

const graphOnly = ['export', 'coarsen', 'mode', 'optimizer', 'recompute']

export default class Inspect extends BaseCommand<typeof Inspect> {
  static override description =
    'Show what was understood: ops, parameters, FLOPs and what is not modelled of a model; devices and links of a cluster.'
  static override args = {
    input: Args.string({
      description: 'Model or cluster: a file, or the name of a shipped model or a preset.',
      required: true,
    }),
  }
  static override flags = {
    bind: bindFlag,
    'format-in': formatInFlag,
    profile: profileFlag,
    coarsen: coarsenFlag,
    ...trainingFlags,
    export: Flags.option({
      options: ['stowage.graph', 'graphlib'] as const,
      description: 'Write the graph as it was understood, in this format, instead: to -o FILE, else to stdout.',
    })(),
  }
  static override examples = [
    '<%= config.bin %> inspect fixtures/gpt2-small.onnx',
    '<%= config.bin %> inspect llama3-8b --bind batch=1,seq=2048',
    '<%= config.bin %> inspect 2xh100x8',
    '<%= config.bin %> inspect fixtures/gpt2-small.onnx --coarsen module --export stowage.graph -o blocks.json',
  ]

  async run(): Promise<void> {
    const { input } = this.args
    const [{ openSource }, { looksLikeCluster }, { shippedModel }, { formatOf }] = await Promise.all([
      import('../src/cli/source.js'),
      import('../src/cli/openCluster.js'),
      import('../src/cli/models.js'),
      import('../src/formats/detect.js'),
    ])
    if (looksLikeCluster(input) && !shippedModel(input)) return this.inspectCluster()
    const source = await openSource(input)
    const format = formatOf(source, this.flags['format-in'])
    if (format === 'stowage.cluster') return this.inspectCluster()
    if (format === 'piper') return this.inspectLayers(source)
    return this.inspectModel(source)
  }

  private async inspectModel(source: Source): Promise<void> {
    const [{ loadGraph }, { loadOptions }, { inspectModel }, { inspectText }] = await Promise.all([
      import('../src/verbs/loadGraph.js'),
      import('../src/cli/loadOptions.js'),
      import('../src/verbs/inspectModel.js'),
      import('../src/report/inspectText.js'),
    ])
    const model = loadGraph(source, parseBind(this.flags.bind), await loadOptions(this.flags))
    if (this.flags.export) return this.exportGraph(model, this.flags.export)
    const inspection = inspectModel(model)
    this.answer(inspection, { text: (style) => inspectText(inspection, style) })
  }

  private async exportGraph(model: LoadedGraph, format: GraphWriterName): Promise<void> {
    const { writeGraph } = await import('../src/cli/writeGraph.js')
    for (const warning of model.warnings) this.note(`warning: ${warning}`)
    const written = writeGraph(model, format, this.flags['output-file'])
    if (written) this.note(written)
  }

  private async inspectLayers(source: Source): Promise<void> {
    refuseFlags(this.flags, [...graphOnly, 'profile'], 'layers with alternatives')
    const [{ inspectLayers }, { layersText }] = await Promise.all([
      import('../src/verbs/inspectLayers.js'),
      import('../src/report/layersText.js'),
    ])
    const inspection = inspectLayers(source)
    this.answer(inspection, { text: (style) => layersText(inspection, style) })
  }

  private async inspectCluster(): Promise<void> {
    refuseFlags(this.flags, [...graphOnly, 'profile', 'bind'], 'a cluster')
    const [{ openCluster }, { inspectCluster }, { clusterText }] = await Promise.all([
      import('../src/cli/openCluster.js'),
      import('../src/verbs/clusters.js'),
      import('../src/report/clusterText.js'),
    ])
    const warnings: string[] = []
    const inspection = inspectCluster(await openCluster(this.args.input, (warning) => warnings.push(warning)), warnings)
    this.answer(inspection, { text: (style) => clusterText(inspection, style) })
  }
}
