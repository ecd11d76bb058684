export type { OnnxFacts, TensorFact, UnmodelledOps } from './facts.js'
export { type OnnxImport, readOnnx } from './readOnnx.js'
