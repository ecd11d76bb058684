import { fail } from '../../errors/index.js'
import type { Source } from '../source.js'

/**
 * A cursor over the protobuf wire format (protobuf.dev/programming-guides/encoding) that holds one small window of the file.
 * Nothing is copied out but what a visitor asks for; the rest, above all tensor data, is stepped over by offset.
 */
export class Wire {
  position = 0
  private limit: number
  private window: Uint8Array = new Uint8Array(0)
  private windowStart = 0
  private windowBytes = smallestWindow
  private depth = 0
  private items = 0

  constructor(private readonly source: Source) {
    this.limit = source.size
  }

  /** Walks the fields up to `end`. `visit` consumes the value of a field it knows and returns true; others are skipped. */
  fields(end: number, visit: (field: number, type: number) => boolean): void {
    if (++this.depth > deepestMessage) this.refuse(`messages nest deeper than ${deepestMessage}`)
    const outer = this.limit
    this.limit = end
    while (this.position < end) {
      const at = this.position
      const key = this.unsigned()
      const field = Math.floor(key / 8)
      if (field < 1 || field > 0x1fffffff) this.corrupt('a field number out of range', at)
      this.charge(1)
      if (!visit(field, key % 8)) this.skip(key % 8, field, at)
    }
    this.limit = outer
    this.depth--
  }

  /** Enters a message field: its own fields, up to its length. */
  message(type: number, visit: (field: number, type: number) => boolean): true {
    this.fields(this.lengthEnd(type), visit)
    return true
  }

  /** Reads the length of a length-delimited value and answers where it ends. */
  lengthEnd(type: number): number {
    const at = this.position
    if (type !== 2) this.corrupt(`wire type ${type} where a length-delimited value belongs`, at)
    const length = this.unsigned()
    const end = this.position + length
    if (end > this.limit)
      this.corrupt(`a value of ${length} bytes reaches beyond its message, which ends at ${this.limit}`, at)
    return end
  }

  text(type: number, longest = longestName): string {
    const end = this.lengthEnd(type)
    const length = end - this.position
    if (length > longest) this.refuse(`a name of ${length} bytes (the limit is ${longest})`)
    if (length === 0) return ''
    this.fill(length)
    const from = this.position - this.windowStart
    this.position = end
    const bytes = this.window.subarray(from, from + length)
    if (length > longestPlain) return utf8.decode(bytes)
    for (let i = 0; i < length; i++) if (bytes[i]! >= 0x80) return utf8.decode(bytes)
    return String.fromCharCode.apply(null, bytes as unknown as number[])
  }

  /** A signed integer of up to 64 bits: two's complement in ten bytes when negative. Exact up to 2^53. */
  integer(type: number): number {
    if (type !== 0) this.corrupt(`wire type ${type} where an integer belongs`, this.position)
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte()
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= (bits & 0x0f) << 28
        high |= bits >> 4
      } else high |= shift < 63 ? bits << (shift - 32) : (bits & 1) << 31
      if (byte < 0x80) return high * 0x1_0000_0000 + (low >>> 0)
    }
    return this.corrupt('an integer longer than ten bytes', this.position)
  }

  float(type: number): number {
    if (type !== 5) this.corrupt(`wire type ${type} where a float belongs`, this.position)
    return this.fixed(4).getFloat32(0, true)
  }

  double(type: number): number {
    if (type !== 1) this.corrupt(`wire type ${type} where a double belongs`, this.position)
    return this.fixed(8).getFloat64(0, true)
  }

  /** A repeated number, packed or not; keeps `most` and refuses more. */
  repeated(type: number, read: (type: number) => number, plainType: number, into: number[], most = longestList): true {
    if (type !== 2) into.push(read.call(this, type))
    else {
      const end = this.lengthEnd(type)
      const outer = this.limit
      this.limit = end
      while (this.position < end) {
        if (into.length >= most) this.refuse(`a list of more than ${most} numbers`)
        into.push(read.call(this, plainType))
        this.charge(1)
      }
      this.limit = outer
    }
    if (into.length > most) this.refuse(`a list of more than ${most} numbers`)
    return true
  }

  /** Counts what a hostile file makes us keep. */
  charge(items: number): void {
    this.items += items
    if (this.items > mostItems) this.refuse(`more than ${mostItems} fields`)
  }

  corrupt(what: string, at: number): never {
    return fail('E106', `${this.source.name} is not a readable ONNX file: ${what}`, {
      where: `${this.source.name}, byte ${at}`,
      fix: 'export the model again, or check that the download is complete',
    })
  }

  private refuse(what: string): never {
    return fail('E107', `${this.source.name}: ${what}`, { where: `${this.source.name}, byte ${this.position}` })
  }

  private skip(type: number, field: number, at: number): void {
    if (type === 0) this.integer(0)
    else if (type === 1) this.advance(8)
    else if (type === 2) this.position = this.lengthEnd(2)
    else if (type === 5) this.advance(4)
    else if (type === 3) this.skipGroup(field, at)
    else this.corrupt(`wire type ${type} in field ${field}`, at)
  }

  private skipGroup(group: number, at: number): void {
    const open = [group]
    while (open.length > 0) {
      if (open.length > deepestMessage) this.refuse(`groups nest deeper than ${deepestMessage}`)
      if (this.position >= this.limit) this.corrupt('a group without an end', at)
      const key = this.unsigned()
      const field = Math.floor(key / 8)
      this.charge(1)
      if (key % 8 === 3) open.push(field)
      else if (key % 8 === 4) {
        if (open.pop() !== field) this.corrupt('a group that another group ends', at)
      } else this.skip(key % 8, field, this.position)
    }
  }

  private unsigned(): number {
    const value = this.integer(0)
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) this.corrupt('a length or key out of range', this.position)
    return value
  }

  private byte(): number {
    if (this.position >= this.limit) this.corrupt('the data ends inside a value', this.position)
    const at = this.position - this.windowStart
    if (at < 0 || at >= this.window.length) {
      this.fill(1)
      return this.window[this.position++ - this.windowStart]!
    }
    this.position++
    return this.window[at]!
  }

  private advance(bytes: number): void {
    if (this.position + bytes > this.limit) this.corrupt('the data ends inside a value', this.position)
    this.position += bytes
  }

  private fixed(bytes: number): DataView {
    if (this.position + bytes > this.limit) this.corrupt('the data ends inside a value', this.position)
    this.fill(bytes)
    const view = new DataView(this.window.buffer, this.window.byteOffset + this.position - this.windowStart, bytes)
    this.position += bytes
    return view
  }

  /** Makes `bytes` bytes at the position available. The window grows while reading on and shrinks after a jump over tensor data. */
  private fill(bytes: number): void {
    const from = this.position - this.windowStart
    if (from >= 0 && from + bytes <= this.window.length) return
    const isNext = from >= 0 && from <= this.window.length
    this.windowBytes = isNext ? Math.min(largestWindow, this.windowBytes * 2) : smallestWindow
    const length = Math.min(this.source.size - this.position, Math.max(bytes, this.windowBytes))
    this.window = this.source.read(this.position, length)
    this.windowStart = this.position
    if (this.window.length < bytes) this.corrupt('the file is shorter than it says', this.position)
  }
}

const smallestWindow = 4 << 10
const largestWindow = 256 << 10
/** protobuf implementations refuse above 100 messages; a subgraph costs three levels. */
const deepestMessage = 200
const longestName = 1 << 20
/** Below this, plain ASCII is turned into a string faster without a decoder. */
const longestPlain = 96
const longestList = 1 << 20
/** Some ten times what a model of 100,000 nodes has. */
const mostItems = 40_000_000

const utf8 = new TextDecoder()
