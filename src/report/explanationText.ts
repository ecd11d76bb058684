import type { PlanExplanation } from '../plan/index.js'
import type { Style } from './style.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** What binds a plan, the next best, the proof, and what other choices would make of it. */
export function explanationText(explanation: PlanExplanation, style: Style): string {
  const { name, placer, stepSeconds, binding = [], alternatives = [], proof, assumed = [], misses = [] } = explanation
  return `${[
    `${style.strong(name)}  ${formatSeconds(stepSeconds)}${placer ? `, by ${placer}` : ''}`,
    ...binding.map((text) => `binding     ${text}`),
    ...alternatives.map(
      (next) => `next        ${formatSeconds(next.stepSeconds)} (+${formatPercent(next.lostBy)})  ${next.name}`,
    ),
    ...misses.map((text) => `no plan     ${text}`),
    ...(proof ? [`proof       ${proof}`] : []),
    ...whyNotLines(explanation, style),
    ...assumed.map((text) => `assumed     ${text}`),
  ].join('\n')}\n`
}

function whyNotLines({ whyNot }: PlanExplanation, style: Style): string[] {
  if (!whyNot) return []
  const pins = Object.entries(whyNot.pins)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const { best, nearest, configurations } = whyNot
  const lead = `why not     ${style.strong(pins)}: `
  if (best) {
    const verdict =
      best.lostBy >= 0 ? `+${formatPercent(best.lostBy)}` : `${formatPercent(best.lostBy)}, better than the plan`
    return [`${lead}${formatSeconds(best.stepSeconds)} (${verdict}) at best of ${configurations}: ${best.name}`]
  }
  if (!nearest) return [`${lead}no configuration divides devices, heads, layers and batch`]
  const over = nearest.peakBytes - nearest.limitBytes
  return [
    `${lead}none of ${configurations} fits; the nearest needs ${formatBytes(nearest.peakBytes)}, ${formatBytes(over)} over: ${nearest.name}`,
  ]
}
