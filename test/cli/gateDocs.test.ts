import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { newRepository } from './gateRepository.js'

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

test('the config shown in docs/gate.md holds as it stands', () => {
  const [, example] = /```jsonc\n([\s\S]*?)```/.exec(readFileSync(file('docs/gate.md'), 'utf8')) ?? []
  const place = newRepository()
  place.write('stowage.config.json', example)
  mkdirSync(join(place.folder, 'models'))
  mkdirSync(join(place.folder, 'plans'))
  copyFileSync(file('fixtures/gpt2-small.onnx'), join(place.folder, 'models/encoder.onnx'))
  const flags = ['-c', 'h100x4', '--placer', 'etf', '-q', '-o', 'plans/encoder.json']
  place.stowage(['plan', 'models/encoder.onnx', ...flags])
  place.commit()
  const { status, stdout, stderr } = place.stowage(['gate', '--base', 'git:HEAD'])
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^ok +3 unchanged plans, 6 budgets$/m)
})
