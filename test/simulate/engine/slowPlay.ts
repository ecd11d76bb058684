import { isFlow, predecessors, type System } from './systems.js'

/** The engine's definition without its data structures: every flow is advanced and every rate worked out anew at every event. */
export function slowPlay(system: System): { start: number[]; end: number[] } {
  const { tasks } = system
  const before = predecessors(system)
  const start = tasks.map(() => Number.NaN)
  const end = tasks.map(() => Number.NaN)
  const arrival = tasks.map(() => Number.NaN)
  const remaining = new Map<number, number>()
  let now = 0
  for (;;) {
    for (let again = true; again; ) {
      again = false
      tasks.forEach((task, k) => {
        if (!Number.isNaN(start[k]) || !before[k].every((b) => end[b] <= now)) return
        start[k] = now
        arrival[k] = now + task.ticks
        if (!isFlow(task)) end[k] = now + task.ticks
        again = true
      })
    }
    tasks.forEach((task, k) => {
      if (isFlow(task) && arrival[k] === now) remaining.set(k, task.bytes!)
    })
    const rates = slowRates(system, [...remaining.keys()])
    const ends = [...remaining].map(([k, left]) => now + Math.max(1, Math.ceil(left / rates.get(k)! - 1e-6)))
    const later = [...end, ...arrival, ...ends].filter((time) => time > now)
    if (later.length === 0) return { start, end }
    const next = Math.min(...later)
    ;[...remaining].forEach(([k, left], i) => {
      remaining.set(k, left - rates.get(k)! * (next - now))
      if (ends[i] > next) return
      end[k] = next
      remaining.delete(k)
    })
    now = next
  }
}

/** Max-min fair rates: the tightest link or cap fixes its flows, again and again. */
function slowRates({ tasks, linkRates }: System, flows: readonly number[]): Map<number, number> {
  const rates = new Map<number, number>()
  const weightOf = (flow: number) => (tasks[flow].weight as number | undefined) ?? 1
  while (rates.size < flows.length) {
    const growing = flows.filter((flow) => !rates.has(flow))
    let least = Math.min(...growing.map((flow) => tasks[flow].rateCap ?? Number.POSITIVE_INFINITY))
    let tightest = growing.filter((flow) => tasks[flow].rateCap === least)
    linkRates.forEach((rate, link) => {
      const users = flows.filter((flow) => tasks[flow].links!.includes(link))
      const fixed = users.reduce((sum, flow) => sum + weightOf(flow) * (rates.get(flow) ?? 0), 0)
      const open = users.filter((flow) => !rates.has(flow))
      const share = (rate - fixed) / open.reduce((sum, flow) => sum + weightOf(flow), 0)
      if (open.length === 0 || share >= least) return
      least = share
      tightest = open
    })
    for (const flow of tightest) rates.set(flow, least)
  }
  return rates
}
