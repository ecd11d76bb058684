export { type CostTable, costTable } from './costTable.js'
export { type CostSource, type OpCost, opSeconds } from './opSeconds.js'
