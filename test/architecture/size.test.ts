import { describe, expect, test } from 'vitest'
import { sourceFiles } from './sources.js'

const lines = (text: string) => text.split('\n').length - 1

describe('size', () => {
  test('no file above 400 lines, no command above 100', () => {
    const long = sourceFiles('src', 'commands').filter(
      ({ path, text }) => lines(text) > (path.startsWith('commands/') ? 100 : 400),
    )
    expect(long.map(({ path, text }) => `${path}: ${lines(text)} lines`)).toEqual([])
  })
})
