import { BaseCommand } from '../src/cli/base.js'

export default class Clusters extends BaseCommand<typeof Clusters> {
  static override description = 'List the devices and cluster presets that --cluster knows by name.'
  static override examples = ['<%= config.bin %> clusters']

  async run(): Promise<void> {
    const [{ shippedHardware }, { listClusters }, { clusterListText }] = await Promise.all([
      import('../src/cli/openCluster.js'),
      import('../src/verbs/clusters.js'),
      import('../src/report/clusterText.js'),
    ])
    const { catalogue, presets } = shippedHardware()
    const listing = listClusters(catalogue, presets)
    this.answer(listing, { text: (style) => clusterListText(listing, style) })
  }
}
