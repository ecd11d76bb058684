import type { Coefficients, Exchange, StageSeconds } from '../../cost/training/index.js'
import { exchangeSeconds } from '../../cost/training/index.js'
import { InternalError } from '../../errors/index.js'

/** What a task of a run does, for one stage. A task's kind in the engine is `kindOf(stage, work)`. */
export const works = [
  'forward',
  'forward-collective',
  'backward',
  'backward-collective',
  'input-gradient',
  'weight-gradient',
  'send-forward',
  'send-backward',
  'hidden-exchange',
  'exposed-exchange',
  'gradient-norm',
  'optimizer',
  'parameter-gather',
  'step',
] as const
export type Work = (typeof works)[number]

const workNumber = new Map<Work, number>(works.map((work, i) => [work, i]))

export function kindOf(stage: number, work: Work): number {
  return stage * works.length + workNumber.get(work)!
}

export function workOf(kind: number): Work {
  return works[kind % works.length]
}

export function stageOf(kind: number): number {
  return Math.floor(kind / works.length)
}

/** A second in ticks: whole picoseconds, which a double counts exactly up to two and a half hours; longer steps count in coarser ones. */
export const ticksPerSecond = 1e12

/** Seconds of every kind of work of every stage; those of flows are what they take with nobody else on their links. */
export type WorkSeconds = Float64Array

/**
 * Seconds by kind. Shares of communication that is not hidden, as calibrated: transfers between stages block compute for a share of their time; gradients
 * are exchanged during the last backward but for a share that waits for its end.
 */
export function workSeconds(stages: readonly StageSeconds[], c: Coefficients): WorkSeconds {
  const seconds = new Float64Array(stages.length * works.length)
  stages.forEach((stage, s) => {
    const set = (work: Work, value: number) => {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
        throw new InternalError(`${work} of stage ${s} takes ${value} s`)
      seconds[kindOf(s, work)] = value
    }
    const blocking = stages.length > 1 ? c.exposedPipeline * exchangeSeconds(stage.transfer) : 0
    const transfer = stages.length > 1 ? exchangeSeconds(stage.transfer) : 0
    const backward = stage.backward.compute + (2 / 3) * c.hostMicrobatchSeconds + blocking
    const weight = Math.min(stage.weightGradient, stage.backward.compute)
    set('forward', stage.forward.compute + c.hostMicrobatchSeconds / 3 + blocking)
    set('forward-collective', stage.forward.communication)
    set('backward', backward)
    set('backward-collective', stage.backward.communication)
    set('input-gradient', backward - weight)
    set('weight-gradient', weight)
    set('send-forward', transfer)
    set('send-backward', transfer)
    const gradients = total(stage.exchanges.gradients)
    set('hidden-exchange', Math.max(0, 1 - c.exposedGradient) * gradients)
    set('exposed-exchange', c.exposedGradient * gradients + stage.codec)
    set('optimizer', stage.optimizer)
    set('parameter-gather', c.exposedParameters * total(stage.exchanges.parameters))
    set('step', c.stepSeconds)
  })
  return seconds
}

const total = (exchanges: readonly Exchange[]): number =>
  exchanges.reduce((sum, exchange) => sum + exchangeSeconds(exchange), 0)
