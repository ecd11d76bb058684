/** A file read by offset: no reader holds more of it than a window, so files above 2 and 4 GiB are files like any other. */
export interface Source {
  readonly name: string
  readonly size: number
  /** The bytes from `offset`; fewer than `length` only at the end of the file. */
  read(offset: number, length: number): Uint8Array
}

/** A source over bytes that are already in memory (stdin, tests). */
export function bytesSource(name: string, bytes: Uint8Array): Source {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
  }
}
