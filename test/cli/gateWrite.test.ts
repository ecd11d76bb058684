import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { budgets, chain, entry, gitEnv, repository } from './gateRepository.js'

/** Dies by SIGKILL where the new file is written and does not yet bear its name. */
const deadly = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
syncBuiltinESMExports()
const { main } = await import(process.argv[1])
await main(process.argv[2], process.argv.slice(3))
`

test('a kill between write and rename leaves the old plan, and the next run writes the new one', () => {
  const place = repository()
  place.write('stowage.config.json', { plans: [entry], budgets })
  place.write('models/chain.json', chain())
  place.write('plans/chain.json', 'old')
  const path = (file: string) => new URL(`../../${file}`, import.meta.url).href
  const killed = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', deadly, path('dist/src/cli/main.js'), path('bin/run.js'), 'gate', '--write'],
    { cwd: place.folder, env: gitEnv, encoding: 'utf8' },
  )
  const plan = join(place.folder, 'plans/chain.json')
  expect([killed.signal, readFileSync(plan, 'utf8')]).toEqual(['SIGKILL', 'old'])
  expect(place.stowage(['gate', '--write']).stderr).toContain('Wrote plans/chain.json')
  expect(JSON.parse(readFileSync(plan, 'utf8')).kind).toBe('stowage.plan')
  const { status, stdout } = place.stowage(['diff', plan, plan])
  expect([status, stdout]).toEqual([0, expect.stringContaining('no difference')])
})
