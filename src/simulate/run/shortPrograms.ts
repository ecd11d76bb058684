import { type ChosenProgram, chooseProgram } from './chooseProgram.js'

/** Schedules whose ranks hold most while they fill: more microbatches than twice the ranks change nothing of what is held. */
const fillFirst = new Set(['1f1b', 'interleaved-1f1b'])

/**
 * Chooses programs as `chooseProgram` does, but of no more microbatches than it takes for a rank to hold what it holds at most, each made once: for a search over
 * thousands of runs. 1F1B's rank r holds p - r microbatches (arXiv 2104.04473, section 2.2); interleaved it runs ahead (v - 1) p + 2 (p - 1 - r) passes.
 */
export function shortPrograms(): typeof chooseProgram {
  const known = new Map<string, ChosenProgram>()
  return (sharing, microbatches, layers) => {
    const { degrees, schedule = '1f1b', virtualStages } = sharing
    const count = fillFirst.has(schedule) ? Math.min(microbatches, 2 * degrees.pipeline) : microbatches
    const key = [schedule, degrees.pipeline, virtualStages, count, layers].join()
    let chosen = known.get(key)
    if (!chosen) {
      chosen = chooseProgram(sharing, count, layers)
      known.set(key, chosen)
    }
    return chosen
  }
}
