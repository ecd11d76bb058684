import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { diffSchema } from '../../src/formats/diff.js'
import { run } from './run.js'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'stowage-diff-'))
const file = (name: string) => join(scratch, name)
const diff = (args: readonly string[], input?: string) => run('stowage', ['diff', ...args], { input })

beforeAll(() => {
  const plan = ['plan', fixture('diamond.json'), '-q']
  run('stowage', [...plan, '-c', 'h100x2', '-o', file('base.json')])
  run('stowage', [...plan, '-c', 'h100x2', '--placer', 'topo', '-o', file('head.json')])
  run('stowage', ['plan', fixture('llama3-8b-run.json'), '-q', '-o', file('run.json')])
  const old = readFileSync(file('base.json'), 'utf8').replace(/"tool": "[^"]*"/, '"tool": "stowage 0.0.1"')
  writeFileSync(file('old.json'), old)
})

describe('diff', () => {
  const ways: [way: string, base: string, head: string, status: number, says: RegExp][] = [
    ['same', 'base.json', 'base.json', 0, /no difference/],
    ['different', 'base.json', 'head.json', 1, /step time/],
    ['of another version', 'old.json', 'base.json', 4, /E402/],
    ['of another kind', 'base.json', 'run.json', 4, /E402/],
    ['missing', 'none.json', 'base.json', 2, /E101/],
  ]

  test.each(ways)('plans that are %s: %s and %s end with %i, in every format', (_, base, head, status, says) => {
    for (const format of ['text', 'json', 'markdown']) {
      const ended = diff([file(base), file(head), '--exit-code', '--format', format])
      expect([format, ended.status]).toEqual([format, status])
      if (format !== 'json') expect(ended.stdout + ended.stderr).toMatch(says)
      else if (status < 2) expect(diffSchema.parse(JSON.parse(ended.stdout)).same).toBe(status === 0)
      else expect(JSON.parse(ended.stdout).kind).toBe('stowage.error')
    }
  })

  test('without --exit-code a difference is an answer like any other', () => {
    expect(diff([file('base.json'), file('head.json')]).status).toBe(0)
  })

  test('-o writes Markdown beside the text, and the verdict stands', () => {
    const args = [file('base.json'), file('head.json'), '--exit-code', '-o', file('summary.md')]
    expect(diff(args).status).toBe(1)
    expect(readFileSync(file('summary.md'), 'utf8')).toMatch(/^### diamond: other decisions/)
  })

  test('takes one of them from stdin, as `git show` gives it', () => {
    const base = readFileSync(file('base.json'), 'utf8')
    expect(diff(['-', file('base.json'), '--exit-code'], base).status).toBe(0)
    expect(diff(['-', '-'], base)).toMatchObject({ status: 2, stderr: expect.stringContaining('E100') })
  })

  test('knows headroom of presets, and groups by the modules of a model', () => {
    const { stdout } = diff([file('base.json'), file('head.json'), '--json', '--model', fixture('diamond.json')])
    const { prediction, decisions } = diffSchema.parse(JSON.parse(stdout))
    expect(prediction.figures.map(({ figure }) => figure)).toContain('headroom')
    const modules = decisions.placement!.groups.map((group) => group.modules)
    expect(modules.length).toBeGreaterThan(0)
    expect(['data', 'table', 'left', 'right', 'join', 'log']).toEqual(expect.arrayContaining(modules))
  })

  test('says what a file is that is no plan', () => {
    const { status, stderr } = diff([fixture('gpt2-small.onnx'), file('base.json')])
    expect([status, stderr]).toEqual([2, expect.stringMatching(/E102[\s\S]*found +onnx/)])
  })
})
