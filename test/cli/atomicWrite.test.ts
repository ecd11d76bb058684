import { spawn } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { atomicWrite } from '../../src/cli/atomicWrite.js'

const folder = () => mkdtempSync(join(tmpdir(), 'stowage-write-'))

describe('atomicWrite', () => {
  test('replaces a file and leaves nothing beside it', () => {
    const file = join(folder(), 'plan.json')
    writeFileSync(file, 'old')
    atomicWrite(file, 'new ·')
    expect(readFileSync(file, 'utf8')).toBe('new ·')
    expect(readdirSync(join(file, '..'))).toEqual(['plan.json'])
  })

  test('writes through a symbolic link', () => {
    const place = folder()
    writeFileSync(join(place, 'real.json'), 'old')
    symlinkSync('real.json', join(place, 'link.json'))
    atomicWrite(join(place, 'link.json'), 'new')
    expect(readFileSync(join(place, 'real.json'), 'utf8')).toBe('new')
  })

  test('keeps the mode of the file it replaces', () => {
    const file = join(folder(), 'plan.json')
    writeFileSync(file, 'old')
    chmodSync(file, 0o640)
    atomicWrite(file, 'new')
    expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  test('says why it cannot write, and leaves no temporary file', () => {
    const place = folder()
    mkdirSync(join(place, 'plan.json'))
    expect(() => atomicWrite(join(place, 'plan.json'), 'x')).toThrow(/cannot write/)
    expect(() => atomicWrite(join(place, 'missing', 'plan.json'), 'x')).toThrow(/cannot write/)
    expect(readdirSync(place)).toEqual(['plan.json'])
  })

  test('writes into a device, never replaces it', () => {
    expect(() => atomicWrite('/dev/full', 'x')).toThrow(/cannot write/)
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true)
  })

  test('a kill in the middle leaves a whole file', async () => {
    const program = fileURLToPath(new URL('./bin/run.js', import.meta.url))
    for (const wait of [0, 3, 7, 11, 23]) {
      const file = join(folder(), 'plan.txt')
      const child = spawn(process.execPath, [program, 'overwrite', file], { stdio: ['ignore', 'pipe', 'inherit'] })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, wait))
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      const text = readFileSync(file, 'utf8')
      expect(text).toHaveLength(8 * 2 ** 20 + 1)
      expect(text.trimEnd().replaceAll(text[0]!, '')).toBe('')
    }
  })
})
