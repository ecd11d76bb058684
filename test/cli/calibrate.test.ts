import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from './run.js'

const measured = fileURLToPath(new URL('../../fixtures/measured.jsonl', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'stowage-calibrate-'))
const file = (name: string) => join(scratch, name)

describe('calibrate', () => {
  test('prints a table and writes a valid calibration, whole, that simulate names', () => {
    const { status, stdout } = run('stowage', ['calibrate', measured, '--draws', '1', '-o', file('own.json')])
    expect(status).toBe(0)
    expect(stdout).toMatch(/acme-trainer on A100-SXM4-80GB · 24 runs, 10 fitted/)
    expect(stdout).toMatch(/before: .+\n.*after .+\n.*each of 3 sources left out/)
    expect(readdirSync(scratch)).toEqual(['own.json'])
    expect(run('stowage', ['validate', file('own.json')]).stdout).toContain(
      'valid stowage.calibration, 1 calibrated stack',
    )
    const answers = run('stowage', ['simulate', measured, '--calibration', file('own.json'), '--json']).stdout
    expect(JSON.parse(answers.split('\n')[0])).toMatchObject({ calibration: 'acme-trainer on A100-SXM4-80GB' })
  })

  test('says which lines were no use, and fails only when none was any', () => {
    const [first] = readFileSync(measured, 'utf8').split('\n')
    writeFileSync(file('some.jsonl'), `${first}\n{"id": 1}\n`)
    const some = run('stowage', ['calibrate', file('some.jsonl'), '--json'])
    expect(some.status).toBe(0)
    expect(JSON.parse(some.stdout)).toMatchObject({
      skipped: 1,
      problems: [{ code: 'E105', where: `${file('some.jsonl')}:2#/measured/stepSeconds`, found: 'nothing' }],
    })
    writeFileSync(file('none.jsonl'), '{"id": 1}\n')
    expect(run('stowage', ['calibrate', file('none.jsonl'), '-o', file('none.json')]).status).toBe(2)
    expect(readdirSync(scratch)).not.toContain('none.json')
    expect(run('stowage', ['calibrate', measured, '--anchors', '11']).status).toBe(2)
  })
})
