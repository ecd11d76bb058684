import type { ParameterCount } from '../model/index.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { formatCount } from './units.js'

/** What listModels tells, as far as the text shows it. */
export interface ModelsView {
  readonly models: readonly {
    readonly name: string
    readonly layers: number
    readonly hidden: number
    readonly heads: number
    readonly kvHeads: number
    readonly experts: number
    readonly topK: number
    readonly attention: string
    readonly seq: number
    readonly parameters: Pick<ParameterCount, 'total' | 'active'>
  }[]
}

const right = 'right' as const

/** One line a model. What one token meets is shown where it is not everything. */
export function modelsText({ models }: ModelsView, style: Style): string {
  const columns = [
    { title: 'model' },
    { title: 'parameters', align: right },
    { title: 'active', align: right },
    { title: 'layers', align: right },
    { title: 'hidden', align: right },
    { title: 'heads', align: right },
    { title: 'attention' },
    { title: 'experts', align: right },
    { title: 'seq', align: right },
  ]
  const rows = models.map(({ name, parameters: { total, active }, heads, kvHeads, ...m }) => [
    style.strong(name),
    formatCount(total),
    active === total ? '' : formatCount(active),
    String(m.layers),
    String(m.hidden),
    kvHeads === heads ? String(heads) : `${heads}/${kvHeads}`,
    m.attention,
    m.experts ? `${m.topK} of ${m.experts}` : '',
    String(m.seq),
  ])
  return `${table(columns, rows, style)}\nUse a name or a file: stowage inspect llama3-8b. docs/models.md tells how to describe your own.\n`
}
