import type { RunPrediction } from '../simulate/index.js'
import type { Style } from './style.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** A prediction of a training run on one screen: step time with its interval, where it goes, memory by stage, what was assumed. */
export function runText(prediction: RunPrediction & { readonly assumed: readonly string[] }, style: Style): string {
  const { stepSeconds, stepSecondsInterval, breakdown, mfu, calibration, assumed } = prediction
  const [low, high] = stepSecondsInterval
  const share = (part: number) => formatPercent(part / stepSeconds)
  const parts = [
    ['compute', breakdown.compute],
    ['exposed communication', breakdown.exposedCommunication],
    ['bubble', breakdown.bubble],
    ['optimizer', breakdown.optimizer],
    ['other', breakdown.other],
  ] as const
  return `${[
    `${style.strong('step time')}   ${formatSeconds(stepSeconds)}  (90 %: ${formatSeconds(low)} to ${formatSeconds(high)}, calibration ${calibration})`,
    `MFU         ${formatPercent(mfu)}`,
    `time        ${parts.map(([name, seconds]) => `${name} ${share(seconds)}`).join(' · ')}`,
    ...communicationLines(prediction, style),
    ...memoryLines(prediction, style),
    ...priceLines(prediction),
    ...(assumed.length ? ['', 'Assumed, since the run does not say:', ...assumed.map((each) => `  ${each}`)] : []),
  ].join('\n')}\n`
}

function communicationLines({ communication, changesConvergence }: RunPrediction, style: Style): string[] {
  if (!communication) return []
  const { methods, periodSteps, localStepSeconds, longestStepSeconds } = communication
  const names = methods.join(', ')
  const verdict = changesConvergence
    ? style.strong(`${names} changes what is trained: do not compare with exact methods by step time alone`)
    : `${names}, exact`
  const steps = `a step ${formatSeconds(localStepSeconds)}, with a meeting ${formatSeconds(longestStepSeconds)}, every ${periodSteps} steps; above is the mean`
  return [`exchange    ${verdict}`, ...(longestStepSeconds > localStepSeconds ? [`            ${steps}`] : [])]
}

function priceLines({ price }: RunPrediction): string[] {
  if (!price) return []
  const { perStep, currency, asOf, source } = price
  return [`price       ${perStep.toPrecision(3)} ${currency} a step (${source}, ${asOf})`]
}

function memoryLines({ peakBytes, peakBytesByStage, fits, memory }: RunPrediction, style: Style): string[] {
  const parts = Object.entries(memory).filter(([, bytes]) => bytes > 0)
  const verdict = fits ? 'fits' : style.strong('does not fit')
  const stages = peakBytesByStage.length > 1 ? [`by stage    ${peakBytesByStage.map(formatBytes).join(' · ')}`] : []
  return [
    `memory      ${formatBytes(peakBytes)} at the fullest, ${verdict}`,
    `            ${parts.map(([name, bytes]) => `${name} ${formatBytes(bytes)}`).join(' · ')}`,
    ...stages,
  ]
}
