import { Problems } from '../errors/index.js'
import type { OpGraph } from '../graph/index.js'
import type { CommitOrder } from '../schedule/index.js'
import type { Decisions, OrderEntry } from './types.js'

/** Numbers -> names: what a plan file says of an operator placement. */
export function placementDecisions(graph: OpGraph, deviceOf: Int32Array, order: CommitOrder): Decisions {
  const placement = Object.fromEntries(graph.ops.map((op, i) => [op.name, deviceOf[i]]))
  const entries: OrderEntry[] = []
  for (let k = 0; k < order.item.length; k++)
    entries.push(order.to[k] < 0 ? graph.ops[order.item[k]].name : [graph.tensorNames[order.item[k]], order.to[k]])
  return { placement, order: entries }
}

/** Names -> numbers. Throws E601 for ops that the map lacks or the graph does not have, all at once. */
export function readPlacement(graph: OpGraph, placement: ReadonlyMap<string, number>, where: string): Int32Array {
  const problems = new Problems()
  const deviceOf = new Int32Array(graph.ops.length).fill(-1)
  graph.ops.forEach((op, i) => {
    const device = placement.get(op.name)
    if (device === undefined)
      problems.add('E601', `${op.name} has no device`, { where, fix: 'place every op of the graph' })
    else if (!isDevice(device))
      problems.add('E601', `${op.name} is placed on device ${device}`, { where, expected: 'a device number' })
    else deviceOf[i] = device
  })
  for (const name of placement.keys())
    if (!graph.opNumber.has(name))
      problems.add('E601', `the graph has no op ${name}`, { where, fix: 'was the map made for another graph?' })
  problems.throwIfAny()
  return deviceOf
}

/** Names -> numbers of a commit order. Throws E602 for names that the graph lacks. */
export function readOrder(graph: OpGraph, entries: readonly OrderEntry[], where: string): CommitOrder {
  const problems = new Problems()
  const tensorNumber = new Map<string, number>()
  if (entries.some((entry) => typeof entry !== 'string'))
    graph.tensorNames.forEach((name, t) => {
      tensorNumber.set(name, t)
    })
  const item = new Int32Array(entries.length)
  const to = new Int32Array(entries.length)
  entries.forEach((entry, k) => {
    const number = typeof entry === 'string' ? graph.opNumber.get(entry) : tensorNumber.get(entry[0])
    if (number === undefined)
      problems.add('E602', `the graph has no ${typeof entry === 'string' ? `op ${entry}` : `tensor ${entry[0]}`}`, {
        where: `${where}/${k}`,
      })
    if (typeof entry !== 'string' && !isDevice(entry[1]))
      problems.add('E602', `${entry[0]} moves to device ${entry[1]}`, { where: `${where}/${k}` })
    item[k] = number ?? 0
    to[k] = typeof entry === 'string' ? -1 : entry[1]
  })
  problems.throwIfAny()
  return { item, to }
}

/** Numbers are kept in 32 bits: a larger one would come out as another device. */
function isDevice(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31
}
