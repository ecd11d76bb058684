import { afterEach, describe, expect, test, vi } from 'vitest'
import { showsUnicode, terminalStyle } from '../../src/cli/terminal.js'

const terminal = (columns: number, colours: boolean) =>
  ({ isTTY: true, columns, hasColors: () => colours }) as unknown as NodeJS.WriteStream
const pipe = {} as NodeJS.WriteStream

afterEach(() => vi.unstubAllEnvs())

describe('terminalStyle', () => {
  test('takes the width of a terminal, 100 elsewhere', () => {
    expect(terminalStyle(terminal(132, false), false).width).toBe(132)
    expect(terminalStyle(terminal(0, false), false).width).toBe(100)
    expect(terminalStyle(pipe, false).width).toBe(100)
  })

  test.each([
    ['a terminal with colours', terminal(80, true), {}, false, true],
    ['a terminal without', terminal(80, false), {}, false, false],
    ['NO_COLOR', terminal(80, true), { NO_COLOR: '1' }, false, false],
    ['an empty NO_COLOR', terminal(80, true), { NO_COLOR: '' }, false, true],
    ['--no-color', terminal(80, true), { FORCE_COLOR: '1' }, true, false],
    ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', terminal(80, true), { FORCE_COLOR: '0' }, false, false],
  ])('%s', (_, stream, env: Record<string, string>, noColor, coloured) => {
    vi.stubEnv('NO_COLOR', undefined)
    vi.stubEnv('FORCE_COLOR', undefined)
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    expect(terminalStyle(stream, noColor).bad('no') === '\x1b[31mno\x1b[39m').toBe(coloured)
  })
})

describe('showsUnicode', () => {
  test.each([
    [{}, true],
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, false],
    [{ TERM: 'linux', LANG: 'en_US.UTF-8' }, false],
  ])('%j: %s', (env, shown) => {
    expect(showsUnicode(env)).toBe(shown)
  })
})
