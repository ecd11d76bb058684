import type { GraphDescription } from '../../src/graph/index.js'
import type { Cluster } from '../../src/hardware/index.js'

export function smallInstance(
  seed: number,
  opCount: number,
  options?: {
    readonly only?: 'memory' | 'colocation' | 'unequal' | 'hosts'
    readonly plain?: boolean
    readonly devices?: number
  },
): { readonly graph: GraphDescription; readonly cluster: Cluster; readonly limits: readonly number[] }
