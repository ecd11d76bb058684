import { expect, test } from 'vitest'
import { communicationMethods } from '../../../src/cost/training/index.js'
import type { Traffic } from '../../../src/model/index.js'
import { repositoryFile } from '../../helpers/runs.js'

const bytes = (name: string, { insideBytes, acrossBytes, sparse }: Traffic) =>
  `${name} ${insideBytes ?? "stack's"} / ${acrossBytes ?? "stack's"}${sparse ? ' sparse' : ''}`

test('docs/communication.md lists every method as the code has it', () => {
  const rows = Object.values(communicationMethods)
    .filter(({ name }) => name !== 'custom')
    .map(({ name, gradients, parameters, sync, stateBytes, needs, source }) => {
      const parts = [gradients, parameters, sync]
      const carried = [
        gradients && bytes('gradients', gradients),
        parameters && bytes('parameters', parameters),
        sync && bytes('sync', sync) + (sync.fragments > 1 ? ` in ${sync.fragments} fragments` : ''),
      ].filter(Boolean)
      const codec = parts.reduce((sum, part) => sum + (part?.codecBytes ?? 0), 0)
      const cells = [
        `\`${name}\``,
        carried.join(', '),
        sync?.everySteps ?? 1,
        sync?.overlapSteps ?? 0,
        stateBytes,
        codec,
        needs,
        /^arXiv \S+?(?=[,:])/.exec(source)?.[0],
      ]
      return `| ${cells.join(' | ')} |`
    })
  const table = repositoryFile('docs/communication.md').split('\n')
  expect(table.filter((line) => communicationMethods[/^\| `(.+?)`/.exec(line)?.[1] ?? ''])).toEqual(rows)
})
