import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** Below the repository, with forward slashes: src/graph/opGraph.ts. */
  readonly path: string
  readonly text: string
  /** What it imports, statically or not: paths below the repository, or package names. */
  readonly imports: readonly string[]
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every TypeScript file below the folders, with what it imports. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => sourceFile(`${folder}/${name.replaceAll('\\', '/')}`)),
  )
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(`${root}/${path}`, 'utf8')
  return { path, text, imports: importsOf(withoutComments(text), path) }
}

/** Import and export declarations, import() and import types. */
export function importsOf(text: string, path: string): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g
  return [...text.matchAll(pattern)].map(([, , name]) =>
    name!.startsWith('.') ? posix.join(posix.dirname(path), name!).replace(/\.js$/, '.ts') : name!,
  )
}

/** Code alone; strings and templates keep their words, which callers' patterns must not match by chance. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{(,])\/\/.*$/gm, '$1')
}
