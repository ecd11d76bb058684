import type { RunPlan } from '../plan/index.js'
import type { Style } from './style.js'
import { type Column, table } from './table.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** A plan of a training run on one screen: degrees, schedule, step time, memory, then one line a stage. */
export function runPlanText(plan: RunPlan, style: Style): string {
  const { decisions, prediction, provenance, explanation } = plan
  const { stepSeconds, stepSecondsInterval, mfu, peakBytes, memoryLimitBytes, fits, price } = prediction
  const [low, high] = stepSecondsInterval
  const most = Math.max(...peakBytes)
  const share = (part: number) => formatPercent(part / stepSeconds)
  const { breakdown: parts } = prediction
  return `${[
    `${plan.name}    ${provenance.inputs.cluster.name}`,
    style.strong(`Plan  ${decisionsLine(plan)}`),
    `  step time   ${style.strong(formatSeconds(stepSeconds))}  (90 %: ${formatSeconds(low)} to ${formatSeconds(high)}, calibration ${provenance.inputs.calibration.name})`,
    `  time        compute ${share(parts.compute)} · exposed communication ${share(parts.exposedCommunication)} · bubble ${share(parts.bubble)} · optimizer ${share(parts.optimizer)} · other ${share(parts.other)}`,
    `  MFU         ${formatPercent(mfu)}`,
    `  memory      ${formatBytes(most)} of ${formatBytes(memoryLimitBytes)} allowed    ${fits ? `headroom ${formatPercent(1 - most / memoryLimitBytes)}` : style.bad('does not fit')}`,
    ...(price
      ? [`  price       ${price.perStep.toPrecision(3)} ${price.currency} a step (${price.source}, ${price.asOf})`]
      : []),
    ...(prediction.changesConvergence ? [style.warn('  trains other weights than exact exchanges do')] : []),
    '',
    stageRows(decisions, peakBytes, style),
    ...alternativeLines(plan),
    ...(explanation?.assumed ?? []).map((text) => style.warn(`Assumed: ${text}`)),
  ].join('\n')}\n`
}

/** pp 4 x dp_replicate 2 x tp 2 · 1f1b · 32 microbatches of 1 · recompute selective. */
export function decisionsLine({ decisions }: RunPlan): string {
  const { mesh, schedule, dataParallel, expertParallel, recompute } = decisions
  const degrees = (mesh?.axes ?? []).flatMap((axis, k) => (mesh!.shape[k] > 1 ? [`${axis} ${mesh!.shape[k]}`] : []))
  const recomputed = Object.values(recompute ?? {})[0]
  return [
    degrees.length ? degrees.join(' x ') : '1 device',
    ...(expertParallel ? [`ep ${expertParallel}`] : []),
    ...(schedule ? scheduleWords(schedule) : []),
    ...(dataParallel?.zeroStage ? [`ZeRO ${dataParallel.zeroStage}${dataParallel.offload ? ', offloaded' : ''}`] : []),
    `recompute ${recomputed ?? 'none'}`,
  ].join(' · ')
}

/** Runners-up, what the memory costs, and why there is nothing better. */
function alternativeLines({ explanation }: RunPlan): string[] {
  const { alternatives = [], binding = [], proof } = explanation ?? {}
  return [
    ...alternatives.map(
      ({ name, stepSeconds, lostBy }) =>
        `next        ${formatSeconds(stepSeconds)} (+${formatPercent(lostBy)})  ${name}`,
    ),
    ...binding.map((text) => `binding     ${text}`),
    ...(proof ? [`proof       ${proof}`] : []),
  ]
}

function scheduleWords({ name, microbatches, microbatch }: NonNullable<RunPlan['decisions']['schedule']>): string[] {
  const count = `${microbatches} microbatch${microbatches === 1 ? '' : 'es'} of ${microbatch}`
  return name === 'none' ? [count] : [name, count]
}

const columns: readonly Column[] = [
  { title: 'stage', align: 'right' },
  { title: 'devices' },
  { title: 'modules' },
  { title: 'peak memory', align: 'right' },
]

function stageRows({ stages = [] }: RunPlan['decisions'], peakBytes: readonly number[], style: Style): string {
  const perStage = stages[0]?.devices.length ?? 1
  const cells = stages.map(({ index, devices, modules }) => [
    String(index),
    devices.length > 1 ? `${devices[0]}-${devices.at(-1)}` : String(devices[0]),
    modulesText(modules),
    formatBytes(peakBytes[Math.floor(devices[0] / perStage)] ?? peakBytes[0]),
  ])
  return table(columns, cells, style)
}

/** Runs of numbered modules folded: model.embed_tokens, model.layers.0-9. */
export function modulesText(modules: readonly string[]): string {
  const folded: { readonly prefix: string; first: number; last: number }[] = []
  const texts = modules.map((name) => {
    const [, prefix, number] = /^(.*\.)(\d+)$/.exec(name) ?? []
    if (prefix === undefined) return name
    const run = folded.at(-1)
    if (run?.prefix === prefix && run.last + 1 === Number(number)) {
      run.last = Number(number)
      return undefined
    }
    const begun = { prefix, first: Number(number), last: Number(number) }
    folded.push(begun)
    return begun
  })
  return texts
    .filter((text) => text !== undefined)
    .map((text) =>
      typeof text === 'string' ? text : `${text.prefix}${text.first}${text.last > text.first ? `-${text.last}` : ''}`,
    )
    .join(', ')
}
