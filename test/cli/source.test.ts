import { spawn, spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openSource } from '../../src/cli/source.js'
import { UserError } from '../../src/errors/index.js'
import { run } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'stowage-source-'))
const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const problemOf = async (path: string, heldBytes?: number) => {
  const error = await openSource(path, heldBytes === undefined ? undefined : { heldBytes }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return (error as UserError).problems[0]
}

describe('openSource', () => {
  test('reads by offset and stops at the end', async () => {
    const source = await openSource(put('a.txt', '0123456789'))
    expect(source.size).toBe(10)
    expect(text(source.read(3, 4))).toBe('3456')
    expect(text(source.read(8, 100))).toBe('89')
    expect(source.read(10, 1)).toHaveLength(0)
    expect(source.read(99, 1)).toHaveLength(0)
  })

  test('reads beyond 4 GiB without holding the file', async () => {
    const path = join(folder, 'sparse.bin')
    const descriptor = openSync(path, 'w')
    ftruncateSync(descriptor, 5 * 2 ** 30)
    writeSync(descriptor, 'here', 4.5 * 2 ** 30)
    closeSync(descriptor)
    const source = await openSource(path)
    expect(source.size).toBe(5 * 2 ** 30)
    expect(text(source.read(4.5 * 2 ** 30, 4))).toBe('here')
    expect(source.read(5 * 2 ** 30 - 2, 10)).toHaveLength(2)
  })

  test('inflates gzip by its magic, whatever the name', async () => {
    const source = await openSource(put('graph.json', gzipSync('{"ops": []}')))
    expect(text(source.read(0, 100))).toBe('{"ops": []}')
  })

  test('refuses what inflates beyond the limit, and broken gzip', async () => {
    const bomb = put('bomb.gz', gzipSync(new Uint8Array(1_000_000)))
    expect(await problemOf(bomb, 999_999)).toMatchObject({ code: 'E107', where: bomb })
    expect((await openSource(bomb, { heldBytes: 1_000_000 })).size).toBe(1_000_000)
    const broken = put('broken.gz', gzipSync('some text').subarray(0, 15))
    expect(await problemOf(broken)).toMatchObject({ code: 'E106' })
  })

  test('names files like a missing one', async () => {
    put('plan.json', '{}')
    expect(await problemOf(join(folder, 'pln.json'))).toMatchObject({ code: 'E101', fix: 'did you mean plan.json?' })
    expect((await problemOf(join(folder, 'no', 'plan.json'))).fix).toContain(join(folder, 'no'))
  })

  test('refuses a directory', async () => {
    mkdirSync(join(folder, 'models'))
    expect(await problemOf(join(folder, 'models'))).toMatchObject({ code: 'E101', expected: 'a file' })
  })

  test('reads a pipe given as a file, up to the limit', async () => {
    const pipe = join(folder, 'pipe')
    spawnSync('mkfifo', [pipe])
    const writing = () => spawn('sh', ['-c', `head -c 100000 /dev/zero > ${pipe}`])
    writing()
    expect((await openSource(pipe, { heldBytes: 100_000 })).size).toBe(100_000)
    writing()
    expect(await problemOf(pipe, 99_999)).toMatchObject({ code: 'E107' })
  })

  test('reads stdin for -', () => {
    const { status, stdout } = run('stowage', ['validate', '-'], {
      input: '{"kind": "stowage.graph", "schemaVersion": "1.0", "name": "n", "ops": [{"name": "a", "type": "Add"}]}',
    })
    expect([status, stdout]).toEqual([0, 'stdin: valid stowage.graph, 1 op\n'])
  })
})
