import { fail } from '../../errors/index.js'
import { parseJson } from '../json.js'
import type { Source } from '../source.js'

/**
 * The objects in one list of a JSON document, `{ ..., KEY: [ {...}, {...} ], ... }`, parsed one by one: the document may be larger than memory.
 * What stands beside the list is skipped, brackets counted. Throws E104 where the text breaks off, E105 for an element that is no object,
 * E107 for one that is longer than any event.
 */
export function* arrayElements(source: Source, key: string): Generator<Readonly<Record<string, unknown>>> {
  const { name, size } = source
  const scanner = new Scanner(key)
  const pieces: Uint8Array[] = []
  let held = 0
  for (let offset = 0; offset < size; offset += windowBytes) {
    const bytes = source.read(offset, windowBytes)
    for (let at = 0; at < bytes.length; ) {
      const wasInside = scanner.isInside
      const start = at
      const event = scanner.scan(bytes, at)
      at = scanner.at
      if (event === 'broken') broken(name, offset + at, 'brackets that match')
      if (event === 'stray') {
        fail('E105', `${key} holds something that is no object`, {
          where: `${name}, byte ${offset + at}`,
          expected: 'objects',
        })
      }
      if (event === 'begin') {
        pieces.length = 0
        held = 0
      }
      if (wasInside) {
        pieces.push(bytes.slice(start, at))
        held += at - start
        if (held > longestElement)
          fail('E107', `an element of ${key} is too long`, {
            where: `${name}, byte ${offset + at}`,
            expected: `at most ${longestElement} bytes`,
          })
      }
      if (event === 'end') yield parseElement(pieces, name, offset + at - held)
    }
  }
  if (scanner.depth !== 0 || size === 0) broken(name, size, 'the closing bracket')
  if (!scanner.isFound)
    fail('E105', `${name} has no list ${key}`, { where: `${name}#/${key}`, expected: 'a list', found: 'nothing' })
}

const windowBytes = 1 << 20
/** With stacks and shapes recorded the longest events met have some tens of kilobytes. */
const longestElement = 1 << 24

function broken(name: string, byte: number, expected: string): never {
  fail('E104', `${name} is not valid JSON`, { where: `${name}, byte ${byte}`, expected })
}

const decoder = new TextDecoder()

function parseElement(pieces: readonly Uint8Array[], name: string, byte: number): Readonly<Record<string, unknown>> {
  // The opening bracket was read before the pieces began.
  const text = `{${pieces.map((piece) => decoder.decode(piece, { stream: true })).join('')}${decoder.decode()}`
  return parseJson(text, `${name}, byte ${byte}`) as Record<string, unknown>
}

type Found = 'begin' | 'end' | 'stray' | 'broken' | 'window'

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const longestKey = 64

/** Walks the bytes of a document and stops where an element of the list begins and ends. */
class Scanner {
  depth = 0
  at = 0
  isFound = false
  /** Between the brackets of an element. */
  isInside = false
  private inString = false
  private escaped = false
  private inList = false
  private key = ''
  private text = ''

  constructor(private readonly wanted: string) {}

  scan(bytes: Uint8Array, from: number): Found {
    for (let i = from; i < bytes.length; i++) {
      const found = this.inString ? this.string(bytes[i]) : this.structure(bytes[i])
      if (!found) continue
      this.at = i + 1
      return found
    }
    this.at = bytes.length
    return 'window'
  }

  private string(byte: number): undefined {
    if (this.escaped) this.escaped = false
    else if (byte === backslash) this.escaped = true
    else if (byte === quote) this.inString = false
    else if (this.depth === 1 && this.text.length < longestKey) this.text += String.fromCharCode(byte)
  }

  private structure(byte: number): Found | undefined {
    if (byte <= 0x20 || byte === comma) return undefined
    if (byte === 0x7b || byte === 0x5b) return this.open(byte === 0x5b)
    if (byte === 0x7d || byte === 0x5d) return this.close()
    if (byte === colon && this.depth === 1) this.key = this.text
    if (byte === quote) {
      this.inString = true
      this.text = ''
    }
    return this.inList && this.depth === 2 ? 'stray' : undefined
  }

  private open(isList: boolean): Found | undefined {
    this.depth++
    if (this.depth === 2 && isList && this.key === this.wanted) {
      this.inList = true
      this.isFound = true
    } else if (this.depth === 3 && this.inList) {
      if (isList) return 'stray'
      this.isInside = true
      return 'begin'
    }
    return undefined
  }

  private close(): Found | undefined {
    this.depth--
    if (this.depth < 0) return 'broken'
    if (this.depth === 1) this.inList = false
    if (this.depth !== 2 || !this.inList) return undefined
    this.isInside = false
    return 'end'
  }
}
