export { budgetsOf } from './budgetsOf.js'
export { type GateInput, gateReport } from './gateReport.js'
export type { PlanSides, Side } from './planVerdict.js'
export type * from './types.js'
