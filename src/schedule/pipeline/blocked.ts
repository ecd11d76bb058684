import { type Problem, UserError } from '../../errors/index.js'
import { awaitedBy } from './dependencies.js'
import { formatAction, type PipelineSchedule, pairedBit, unpackAction } from './types.js'

const mostNamed = 20

/** Says of each rank that cannot go on what it would run next and which passes, on which rank, it waits for. */
export function failBlocked(
  schedule: PipelineSchedule,
  position: Int32Array,
  isDone: (awaited: number) => boolean,
): never {
  const { actions, microbatches, stages, copies, stageRank } = schedule
  const blocked = Array.from(position.keys()).filter((rank) => position[rank] < actions[rank].length)
  const reasons = blocked.slice(0, mostNamed).map((rank): Problem => {
    const next = actions[rank][position[rank]]
    const halves = next & pairedBit ? [next, actions[rank][position[rank] + 1]] : [next]
    const awaited = halves
      .map((half) => awaitedBy(half, microbatches, stages / copies))
      .filter((key) => key >= 0 && !isDone(key))
      .map((key) => {
        const unit = key >> 1
        const stage = Math.floor(unit / microbatches)
        return `${stage}${key & 1 ? 'I' : 'F'}${unit % microbatches} of rank ${stageRank[stage]}`
      })
    const names = halves.map((half) => formatAction(unpackAction(half, microbatches))).join(' with ')
    return {
      code: 'E801',
      message: `rank ${rank} cannot run ${names}: it waits for ${awaited.join(' and ')}`,
      where: `rank ${rank}, action ${position[rank]}`,
    }
  })
  const summary: Problem = {
    code: 'E801',
    message: `${blocked.length} of ${schedule.ranks} ranks wait for one another for ever`,
    where: `schedule ${schedule.name}`,
    fix: 'let each rank run passes in an order in which their inputs come',
  }
  throw new UserError([summary, ...reasons])
}
