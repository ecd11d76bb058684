import type { RunPrediction, UnfoldedRun } from '../simulate/index.js'
import type { Style } from './style.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

type ReportedRun = RunPrediction & { readonly unfolded?: UnfoldedRun; readonly assumed: readonly string[] }

/** A prediction of a training run on one screen: step time with its interval, where it goes, memory by stage, what was assumed. */
export function runText(prediction: ReportedRun, style: Style): string {
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
    ...stragglerLines(prediction, style),
    ...unfoldedLines(prediction),
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

function stragglerLines({ stragglers }: RunPrediction, style: Style): string[] {
  if (!stragglers) return []
  const { equalStepSeconds, slowest, reshareBatch, gradientCoding } = stragglers
  const counts = reshareBatch?.microbatchesByReplica ?? []
  return [
    `stragglers  ${style.strong(`device ${slowest.device} at ${formatPercent(slowest.speed)} of its kind's speed`)}; with equal devices ${formatSeconds(equalStepSeconds)}`,
    ...(reshareBatch
      ? [
          `            ${formatSeconds(reshareBatch.stepSeconds)} if replicas take ${Math.min(...counts)} to ${Math.max(...counts)} microbatches, by their speed`,
        ]
      : ['            every pass waits for all replicas: no batch can be shared out anew']),
    ...(gradientCoding
      ? [
          `            ${formatSeconds(gradientCoding.stepSeconds)} if gradients are coded and ${gradientCoding.tolerated} not waited for`,
        ]
      : []),
  ]
}

function unfoldedLines({ unfolded }: ReportedRun): string[] {
  if (!unfolded) return []
  const { ranks, tasks, stepSeconds, sharedLinksStepSeconds } = unfolded
  return [
    `every rank  ${ranks} ranks, ${tasks} tasks: ${formatSeconds(stepSeconds)}, on shared links ${formatSeconds(sharedLinksStepSeconds)}`,
  ]
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
