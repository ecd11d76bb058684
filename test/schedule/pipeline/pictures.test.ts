import { describe, expect, test } from 'vitest'
import {
  liveMicrobatches,
  pipelineSchedule,
  pipelineScheduleNames,
  playSchedule,
} from '../../../src/schedule/pipeline/index.js'
import { repositoryFile } from '../../helpers/runs.js'
import { picture } from './picture.js'

describe('docs/pipeline-schedules.md', () => {
  const text = repositoryFile('docs/pipeline-schedules.md')
  const named = pipelineScheduleNames.filter((name) => name !== 'none')

  test.each(named)('draws %s as it is played', (name) => {
    const schedule = pipelineSchedule(name, { ranks: 4, microbatches: 8 })
    expect(text).toContain(`\`\`\`\n${picture(schedule)}\n\`\`\``)
  })

  test.each(named)('gives ticks, bubble and activations of %s', (name) => {
    const schedule = pipelineSchedule(name, { ranks: 4, microbatches: 8 })
    const { makespanTicks, bubbleTicks } = playSchedule(schedule, { forward: 1, input: 1, weight: 1 })
    const live = [...liveMicrobatches(schedule).ofRank].join(', ')
    expect(text).toContain(`| \`${name}\` | ${makespanTicks} | ${bubbleTicks} | ${live} |`)
  })
})
