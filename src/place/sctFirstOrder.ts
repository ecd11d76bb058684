import type { SctInput } from './sctGraph.js'
import { type FavourPrices, mostSaved, projectFavours, scaledFavours } from './sctMatching.js'
import { type SctNetwork, sctNetwork } from './sctNetwork.js'
import { flowLength, longestPath, type PathFlow, softLongestPath } from './sctPaths.js'

export interface FirstOrderOptions {
  /** Stop when (makespan - bound) / bound is this small; 0.1 % by default. */
  readonly targetGap?: number
  /** By default 400, and fewer where there are more than 100,000 edges. */
  readonly maxIterations?: number
}

export interface FirstOrderResult {
  /** x of every edge, in the caller's order: feasible for m-SCT's linear program. */
  readonly x: Float64Array
  /** The program's objective at x. */
  readonly makespanSeconds: number
  /** No x gives less. */
  readonly boundSeconds: number
  readonly iterations: number
}

/**
 * m-SCT's linear program without a solver. With favours y = 1 - x it is a game: y, a fractional matching of parents to children, wants
 * the longest path short; a unit flow over paths, with edges of length c (1 - y), wants it long. y takes accelerated gradient steps against
 * the softened longest path, whose gradient is the flow; the flow and the prices of the matching prove the bound as they go.
 * The temperature falls whenever the softening is what keeps the two apart.
 * Post: x is feasible, boundSeconds <= optimum <= makespanSeconds, whatever the iterations achieved; work is counted, not timed.
 * Source: Nesterov 2005 (smoothing); Beck and Teboulle 2009 (acceleration), restarted after O'Donoghue and Candes 2015.
 */
export function sctFirstOrder(input: SctInput, options: FirstOrderOptions = {}): FirstOrderResult {
  const net = sctNetwork(input)
  const { targetGap = 1e-3, maxIterations = iterationsFor(net.edgeCount) } = options
  const best = trivial(net)
  const run = start(net)
  let iterations = 0
  while (gap(best) > targetGap && iterations < maxIterations) {
    const softened = softLongestPath(net, run.ahead, run.temperature, run.flow, run.scratch)
    learnStep(net, run)
    iterations++
    if (iterations % checkEvery === 0) {
      const apart = certify(net, run, best)
      const softening = softened - flowLength(net, run.flow, run.ahead)
      if (apart < softeningShare * softening) cool(run)
    }
    advance(net, run)
  }
  const x = new Float64Array(net.edgeCount)
  for (let edge = 0; edge < net.edgeCount; edge++) x[net.inputEdge[edge]!] = 1 - best.favour[edge]!
  return { x, makespanSeconds: best.makespan, boundSeconds: best.bound, iterations }
}

// Chosen on layered graphs of 1k-100k ops with cheap and dear transfers and on parallel chains (bench/sct-lp.mjs); none is delicate.
const checkEvery = 10

/** At most some 10 s CPU at 100,000 ops; 100 iterations bring a million ops with cheap transfers within 1 %. */
const iterationsFor = (edgeCount: number) => Math.max(100, Math.min(400, Math.floor(40e6 / edgeCount)))

const softeningShare = 2
const cooling = 0.7
const stepGrowth = 1.1

interface Best {
  favour: Float64Array
  makespan: number
  bound: number
}

const gap = ({ makespan, bound }: Best) => (makespan > bound ? (makespan - bound) / bound : 0)

/** Nothing favoured, against everything favoured. */
function trivial(net: SctNetwork): Best {
  const scratch = new Float64Array(net.opCount)
  const none = new Float64Array(net.edgeCount)
  return {
    favour: none,
    makespan: longestPath(net, none, scratch),
    bound: longestPath(
      net,
      none.map(() => 1),
      scratch,
    ),
  }
}

/** The state of the iteration; `ahead` is the point that momentum looks from, `lastAhead` and `lastFlow` serve `learnStep`. */
interface Run {
  readonly favour: Float64Array
  readonly lastFavour: Float64Array
  readonly ahead: Float64Array
  readonly lastAhead: Float64Array
  readonly wish: Float64Array
  readonly slope: Float64Array
  readonly flow: PathFlow
  readonly lastFlow: Float64Array
  readonly prices: FavourPrices
  readonly scratch: Float64Array
  temperature: number
  /** Step length in units of the temperature; 1 where at most one edge in a path is in doubt. */
  step: number
  momentum: number
  hasLast: boolean
}

function start(net: SctNetwork): Run {
  const { opCount, edgeCount, inStart, outStart, from, to, edgeSeconds } = net
  const edges = () => new Float64Array(edgeCount)
  const ops = () => new Float64Array(opCount)
  const favour = edges()
  let sum = 0
  let paying = 0
  for (let edge = 0; edge < edgeCount; edge++) {
    if (edgeSeconds[edge]! <= 0) continue
    const children = outStart[from[edge]! + 1]! - outStart[from[edge]!]!
    const parents = inStart[to[edge]! + 1]! - inStart[to[edge]!]!
    favour[edge] = 1 / Math.max(children, parents)
    sum += edgeSeconds[edge]!
    paying++
  }
  return {
    favour,
    lastFavour: edges(),
    ahead: favour.slice(),
    lastAhead: edges(),
    wish: edges(),
    slope: edges(),
    flow: { op: ops(), edge: edges() },
    lastFlow: edges(),
    prices: { giving: ops(), getting: ops() },
    scratch: ops(),
    temperature: sum / Math.max(1, paying),
    step: 1,
    momentum: 1,
    hasLast: false,
  }
}

/** Checks the present point and flow, keeps what is better than before, and says how far apart these two are. */
function certify(net: SctNetwork, run: Run, best: Best): number {
  const favour = scaledFavours(net, run.favour, run.wish)
  const makespan = longestPath(net, favour, run.scratch)
  if (makespan < best.makespan) {
    best.makespan = makespan
    best.favour = favour.slice()
  }
  const bound = flowLength(net, run.flow) - mostSaved(net, run.flow.edge, run.prices.giving)
  best.bound = Math.max(best.bound, bound)
  return makespan - bound
}

/**
 * Step length from the curvature seen between the last two points: the inverse of |change of gradient|^2 / (change of gradient * move),
 * which never exceeds the true curvature of a convex function; it may grow only slowly again. Long parallel chains need 0.05, layered graphs 1-4.
 */
function learnStep(net: SctNetwork, run: Run): void {
  const { edgeSeconds, edgeCount } = net
  if (run.hasLast) {
    let change = 0
    let along = 0
    for (let edge = 0; edge < edgeCount; edge++) {
      const difference = run.flow.edge[edge]! - run.lastFlow[edge]!
      change += difference * difference
      along -= difference * edgeSeconds[edge]! * (run.ahead[edge]! - run.lastAhead[edge]!)
    }
    if (change > 0) run.step = Math.min(run.step * stepGrowth, Math.max(along / (run.temperature * change), 1e-3))
  }
  run.lastAhead.set(run.ahead)
  run.lastFlow.set(run.flow.edge)
  run.hasLast = true
}

function cool(run: Run): void {
  run.temperature *= cooling
  run.hasLast = false
}

/** One projected step from `ahead`, measured in seconds saved, then momentum, dropped when it points uphill. */
function advance(net: SctNetwork, run: Run): void {
  const { edgeCount, edgeSeconds } = net
  const { favour, lastFavour, ahead, wish, slope, flow } = run
  const step = run.step * run.temperature
  for (let edge = 0; edge < edgeCount; edge++) {
    const cost = edgeSeconds[edge]!
    slope[edge] = cost > 0 ? step / (cost * cost) : 0
    wish[edge] = ahead[edge]! + slope[edge]! * cost * flow.edge[edge]!
  }
  lastFavour.set(favour)
  projectFavours(net, wish, slope, run.prices, favour)
  let uphill = 0
  for (let edge = 0; edge < edgeCount; edge++) {
    const cost = edgeSeconds[edge]!
    uphill += cost * cost * (ahead[edge]! - favour[edge]!) * (favour[edge]! - lastFavour[edge]!)
  }
  if (uphill > 0) run.momentum = 1
  const next = (1 + Math.sqrt(1 + 4 * run.momentum * run.momentum)) / 2
  const carry = (run.momentum - 1) / next
  run.momentum = next
  for (let edge = 0; edge < edgeCount; edge++) ahead[edge] = favour[edge]! + carry * (favour[edge]! - lastFavour[edge]!)
}
