import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chain, repository } from './gateRepository.js'

test('init writes a commented config that its gate reads, and never over another unasked', () => {
  const place = repository()
  place.write('models/chain.json', chain())
  expect(place.stowage(['init', 'models/chain.json', '-c', 'h100x1']).status).toBe(0)
  const text = readFileSync(join(place.folder, 'stowage.config.json'), 'utf8')
  expect(text).toMatch(/"name": "chain"[\s\S]*"model": "models\/chain\.json"[\s\S]*\/\/ .*\n *"cluster": "h100x1"/)
  expect(place.stowage(['gate'], { cwd: 'models' }).stdout).toMatch(/^ok +chain +step time 10\.00 ms/m)

  const refused = place.stowage(['init', 'llama3-8b'])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/E108[\s\S]*--force/)])
  expect(readFileSync(join(place.folder, 'stowage.config.json'), 'utf8')).toBe(text)
  expect(readdirSync(place.folder).sort()).toEqual(['models', 'stowage.config.json'])
})

test('a model description becomes a training run; --force writes over', () => {
  const place = repository()
  place.write('stowage.config.json', 'old')
  expect(place.stowage(['init', 'llama3-8b', '--force']).status).toBe(0)
  const { status, stdout } = place.stowage(['gate', '--json'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout).plans[0]).toMatchObject({ name: 'llama3-8b', status: 'ok' })
})

test('a model that cannot be read leaves nothing behind', () => {
  const place = repository()
  place.write('broken.json', '{')
  expect(place.stowage(['init', 'broken.json']).status).toBe(2)
  expect(readdirSync(place.folder)).toEqual(['broken.json'])
})
