import type { Source } from '../formats/source.js'

export interface Line {
  readonly text: string
  /** From 1. */
  readonly number: number
}

/** The lines of a file that hold something, one at a time: a batch of any length passes through a few hundred kilobytes. */
export function* linesOf(source: Source, chunkBytes = 256 * 1024): Generator<Line> {
  const decoder = new TextDecoder()
  let rest = ''
  let number = 0
  for (let offset = 0; offset < source.size; offset += chunkBytes) {
    const bytes = source.read(offset, Math.min(chunkBytes, source.size - offset))
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const text of lines) {
      number++
      if (text.trim() !== '') yield { text, number }
    }
  }
  if (rest.trim() !== '') yield { text: rest, number: number + 1 }
}
