import type { GraphDescription } from '../graph/index.js'
import { writeGraphlib } from './graphlib.js'

/** Formats that an operator graph can be written in. A new one is one line here. */
export const graphWriters = {
  'stowage.graph': (description: GraphDescription): object => ({
    kind: 'stowage.graph',
    schemaVersion: '1.0',
    ...description,
  }),
  graphlib: writeGraphlib,
} as const

export type GraphWriterName = keyof typeof graphWriters
