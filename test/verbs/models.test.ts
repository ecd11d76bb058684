import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { UserError } from '../../src/errors/index.js'
import { modelsText } from '../../src/report/modelsText.js'
import { plainStyle } from '../../src/report/style.js'
import { listModels } from '../../src/verbs/models.js'

const byName = (a: string, b: string) => (a.slice(0, -5) < b.slice(0, -5) ? -1 : 1)
const folder = new URL('../../models/', import.meta.url)
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    file: `models/${name}`,
    value: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown,
  }))

test('lists every shipped model by name, with its counts and source', () => {
  const { kind, models } = listModels([...files].reverse())
  expect(kind).toBe('stowage.models')
  expect(models.map(({ name }) => `models/${name}.json`)).toEqual(files.map(({ file }) => file).sort(byName))
  expect(models.find(({ name }) => name === 'mixtral-8x7b')).toMatchObject({
    experts: 8,
    topK: 2,
    parameters: { total: 46_702_792_704, active: 12_879_925_248 },
    source: expect.stringContaining('arXiv 2401.04088'),
  })
})

test('tells the problems of all files at once', () => {
  const broken = [
    { file: 'a.json', value: { name: 'a' } },
    { file: 'b.json', value: { name: 'b', layers: 1, hidden: 8, heads: 3 } },
  ]
  try {
    listModels(broken)
    expect.unreachable()
  } catch (error) {
    const places = (error as UserError).problems.map(({ where }) => where)
    expect(places).toEqual(['a.json#/layers', 'a.json#/hidden', 'a.json#/heads', 'b.json#/heads'])
  }
})

test('prints one line a model, active parameters where they differ', () => {
  const lines = modelsText(listModels(files), plainStyle).split('\n')
  const line = (name: string) => lines.find((each) => each.startsWith(`${name} `))!
  expect(line('llama3-8b')).toMatch(/^llama3-8b\s+8\.030 G\s+32\s+4096\s+32\/8\s+gqa\s+8192$/)
  expect(line('deepseek-v3')).toMatch(/671\.0 G\s+37\.55 G\s+61\s+7168\s+128\s+mla\s+8 of 256/)
  expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(100)
})
