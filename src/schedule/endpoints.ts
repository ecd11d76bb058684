import { FreeTime } from './freeTime.js'
import type { SchedulingProblem } from './problem.js'

/** What transfers hold: endpoints of devices and, between hosts, network interfaces (FORMATS, Endpoint rules). */
export interface Endpoints {
  /** The earliest time not before `notBefore` at which all that the pair needs is free for so long. */
  window(from: number, to: number, notBefore: number, ticks: number): number
  book(from: number, to: number, start: number, end: number): void
  /** Takes over the state of endpoints of the same problem. */
  copyFrom(other: Endpoints): void
  readonly resources: readonly FreeTime[]
}

/** Free endpoints for every device and host of the problem. Half-duplex devices transmit and receive over one endpoint; uncontended ones hold none. */
export function makeEndpoints({ deviceCount, hostOf, cluster, transfers }: SchedulingProblem): Endpoints {
  if (transfers === 'uncontended') return uncontended
  const list = (count: number) => Array.from({ length: count }, () => new FreeTime())
  const transmit = list(deviceCount)
  const receive = transfers === 'half-duplex' ? transmit : list(deviceCount)
  const networkTransmit = list(cluster.hosts.length)
  const networkReceive = list(cluster.hosts.length)
  const resources = [...new Set([...transmit, ...receive]), ...networkTransmit, ...networkReceive]
  return {
    resources,
    copyFrom(other) {
      for (let r = 0; r < resources.length; r++) resources[r].copyFrom(other.resources[r])
    },
    window(from, to, notBefore, ticks) {
      const a = hostOf[from]
      const b = hostOf[to]
      for (let at = notBefore; ; ) {
        let next = receive[to].fit(transmit[from].fit(at, ticks), ticks)
        if (a !== b) next = networkReceive[b].fit(networkTransmit[a].fit(next, ticks), ticks)
        if (next === at) return at
        at = next
      }
    },
    book(from, to, start, end) {
      transmit[from].book(start, end)
      receive[to].book(start, end)
      const a = hostOf[from]
      const b = hostOf[to]
      if (a === b) return
      networkTransmit[a].book(start, end)
      networkReceive[b].book(start, end)
    },
  }
}

const uncontended: Endpoints = {
  window: (_from, _to, notBefore) => notBefore,
  book: () => undefined,
  copyFrom: () => undefined,
  resources: [],
}
