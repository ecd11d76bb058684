import { describe, expect, test } from 'vitest'
import { progressLine } from '../../src/cli/progress.js'

function drawing(isTTY: boolean, wanted = true) {
  const written: string[] = []
  const stream = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  let now = 0
  const line = progressLine('placing', stream, wanted, () => now)
  return { line, written, at: (milliseconds: number) => (now = milliseconds) }
}

describe('progressLine', () => {
  test('shows nothing for half a second, then at most ten times a second, and wipes itself', () => {
    const { line, written, at } = drawing(true)
    for (let ms = 0; ms < 1000; ms++) {
      at(ms)
      line.update(ms, 1000)
    }
    line.end()
    line.end()
    expect(written).toHaveLength(6)
    expect(written[0]).toBe('\rplacing 50 %\x1b[K')
    expect(written.at(-1)).toBe('\r\x1b[K')
  })

  test('counts when the total is unknown', () => {
    const { line, written, at } = drawing(true)
    at(600)
    line.update(42, 0)
    expect(written).toEqual(['\rplacing 42\x1b[K'])
  })

  test('is silent beside a terminal and under --quiet', () => {
    for (const { line, written, at } of [drawing(false), drawing(true, false)]) {
      at(10_000)
      line.update(1, 2)
      line.end()
      expect(written).toEqual([])
    }
  })
})
