import { modulesOf, numberedModule } from '../graph/index.js'
import type { SchedulingProblem } from '../schedule/index.js'
import type { Units } from './improve/units.js'

/**
 * Blocks of a model as units that move as one: its layers (the module path down to the first number), or its innermost modules. What a unit
 * ties (a colocation group) stays tied, and what has no module stays a unit of its own. Undefined where that makes nothing coarser.
 */
export function moduleBlocks(problem: SchedulingProblem, units: Units, level: 'layer' | 'module'): Units | undefined {
  const modules = modulesOf(problem.graph)
  const leader = Int32Array.from({ length: units.count }, (_, unit) => unit)
  const find = (unit: number): number => {
    let at = unit
    while (leader[at] !== at) {
      leader[at] = leader[leader[at]]
      at = leader[at]
    }
    return at
  }
  const firstOf = new Map<string, number>()
  let joined = 0
  for (let op = 0; op < units.unitOf.length; op++) {
    const module = modules[op]
    if (module === undefined) continue
    const block = level === 'layer' ? (numberedModule(module) ?? module) : module
    const first = firstOf.get(block)
    if (first === undefined) firstOf.set(block, units.unitOf[op])
    else if (find(first) !== find(units.unitOf[op])) {
      joined++
      leader[find(units.unitOf[op])] = find(first)
    }
  }
  return joined > 0 ? renumber(units, find) : undefined
}

function renumber({ unitOf }: Units, find: (unit: number) => number): Units {
  const numbers = new Map<number, number>()
  const blockOf = unitOf.map((unit) => {
    const root = find(unit)
    const number = numbers.get(root) ?? numbers.size
    numbers.set(root, number)
    return number
  })
  const count = numbers.size
  const start = new Int32Array(count + 1)
  for (const block of blockOf) start[block + 1]++
  for (let b = 0; b < count; b++) start[b + 1] += start[b]
  const next = start.slice()
  const ops = new Int32Array(blockOf.length)
  for (let op = 0; op < ops.length; op++) ops[next[blockOf[op]]++] = op
  return { count, unitOf: blockOf, start, ops }
}
