import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fail } from '../errors/index.js'

/** Replaces `path` with `text` so that a reader, or a kill at any moment, meets the old file or the new one, never a part. */
export function atomicWrite(path: string, text: string): void {
  try {
    const target = followLink(path)
    const existing = statSync(target, { throwIfNoEntry: false })
    // A rename would put a plain file in place of /dev/null or a pipe.
    if (existing && !existing.isFile()) writeFileSync(target, text)
    else replaceFile(target, text, (existing?.mode ?? 0o666) & 0o777)
  } catch (error) {
    fail('E108', `cannot write ${path}`, { where: path, found: (error as Error).message })
  }
}

function replaceFile(target: string, text: string, mode: number): void {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    writeDurably(temporary, text, mode)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
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

function writeDurably(path: string, text: string, mode: number): void {
  const descriptor = openSync(path, 'w', mode)
  try {
    const bytes = Buffer.from(text)
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
