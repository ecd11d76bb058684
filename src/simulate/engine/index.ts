export { type TaskGraph, TaskGraphBuilder, type TaskSpec } from './taskGraph.js'
