import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fail } from '../errors/index.js'

/** Replaces `path` with `text` so that a reader, or a kill at any moment, meets the old file or the new one, never a part. */
export function atomicWrite(path: string, text: string): void {
  try {
    const target = followLink(path)
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
    try {
      writeDurably(temporary, text)
      renameSync(temporary, target)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  } catch (error) {
    fail('E108', `cannot write ${path}`, { where: path, found: (error as Error).message })
  }
}

/** A rename would replace a symbolic link; what it points to is meant. */
function followLink(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, 'w', 0o666)
  try {
    const bytes = Buffer.from(text)
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
