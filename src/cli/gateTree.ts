import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Source } from '../formats/source.js'
import { openSource } from './source.js'

/** Where the files of a gate's side come from; paths are absolute. */
export interface Tree {
  /** For messages. */
  nameOf(path: string): string
  has(path: string): boolean
  /** Undefined where there is no such file. */
  read(path: string): Uint8Array | undefined
  open(path: string): Promise<Source>
}

/** The files as they lie on the disk now. */
export const workingTree: Tree = {
  nameOf: shownPath,
  has: existsSync,
  read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
  open: (path) => openSource(shownPath(path)),
}

/** As a person in the working directory would write it. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path) || path
}
