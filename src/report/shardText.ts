import type { ShardPlan } from '../plan/index.js'
import type { Style } from './style.js'
import { type Column, table } from './table.js'
import { formatPercent } from './units.js'

/** RaggedShard layouts on one screen: what they pad, what is proved, then one line a kind of buffer. */
export function shardText(plan: ShardPlan, style: Style): string {
  const { shardElements, shardElementsLowerBound, paddingFraction } = plan.prediction
  const units = plan.decisions.fsdp!.units.length
  const over = shardElements - shardElementsLowerBound
  return `${[
    `${plan.name}    ${plan.provenance.inputs.cluster.name}`,
    style.strong(`Plan  RaggedShard · ${units} ${units === 1 ? 'unit' : 'units'}`),
    `  padding     ${formatPercent(paddingFraction)}`,
    `  shard       ${shardElements} elements a device${over ? `, ${over} above the bound` : ', proved least for these buffers'}`,
    '',
    bufferRows(plan, style),
  ].join('\n')}`
}

const columns: readonly Column[] = [
  { title: 'unit' },
  { title: 'dtype' },
  { title: 'parameters', align: 'right' },
  { title: 'shard', align: 'right' },
  { title: 'at least', align: 'right' },
  { title: 'because of' },
]

function bufferRows({ decisions, prediction }: ShardPlan, style: Style): string {
  let next = 0
  const rows = new Map<string, { readonly module: string; count: number; readonly cells: readonly string[] }>()
  for (const { modules, buffers = [] } of decisions.fsdp!.units)
    for (const { dtype, shardElements, parameters } of buffers) {
      const { shardElements: least, reason, pieceElements } = prediction.certificates[next++]
      const why = pieceElements === undefined ? reason : `${reason} of ${pieceElements}`
      const cells = [dtype, String(parameters.length), String(shardElements), String(least), why]
      const row = rows.get(cells.join('\n'))
      if (row) row.count++
      else rows.set(cells.join('\n'), { module: modules[0] || 'root', count: 1, cells })
    }
  return table(
    columns,
    [...rows.values()].map(({ module, count, cells }) => [
      count > 1 ? `${module} and ${count - 1} alike` : module,
      ...cells,
    ]),
    style,
  )
}
