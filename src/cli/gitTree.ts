import { spawnSync } from 'node:child_process'
import { isAbsolute, posix, relative, sep } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fail } from '../errors/index.js'
import { bytesSource } from '../formats/source.js'
import type { Tree } from './gateTree.js'

export interface GitTree extends Tree {
  readonly commit: string
  /** Reads many files at once: git starts once for all of them. */
  prefetch(paths: readonly string[]): void
}

/** The files of a commit as git has them: nothing is checked out, and no history is needed beyond the commit itself. Throws E109. */
export function gitTree(ref: string, folder: string): GitTree {
  const git: Git = (args, input) => runGit(folder, args, input)
  const inside = git(['rev-parse', '--show-prefix'])
  if (inside.status !== 0)
    fail('E109', `${folder} is in no git repository`, { where: `git:${ref}`, found: inside.message })
  const prefix = inside.stdout.toString().trimEnd()
  const commit = commitOf(git, ref)
  const held = new Map<string, Uint8Array | undefined>()
  const prefetch = (paths: readonly string[]): void => {
    const keys = new Set(paths.map((path) => pathInTree(folder, prefix, path)))
    const wanted = [...keys].filter((key) => !held.has(key))
    for (const [key, bytes] of readBlobs(git, commit, wanted)) held.set(key, bytes)
  }
  const read = (path: string): Uint8Array | undefined => {
    prefetch([path])
    return held.get(pathInTree(folder, prefix, path))
  }
  return {
    commit,
    prefetch,
    nameOf: (path) => `git:${ref}:${pathInTree(folder, prefix, path)}`,
    has: (path) => read(path) !== undefined,
    read,
    async open(path) {
      const name = this.nameOf(path)
      const bytes =
        read(path) ??
        fail('E109', `${name} does not exist`, {
          where: name,
          expected: 'a file that is committed',
          fix: 'commit it, or gate without --base',
        })
      refusePointer(bytes, name)
      return bytesSource(name, inflated(bytes, name))
    },
  }
}

type Git = (args: readonly string[], input?: string) => Ended

interface Ended {
  readonly status: number
  readonly stdout: Buffer
  readonly message: string
}

function commitOf(git: Git, ref: string): string {
  const { status, stdout, message } = git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])
  if (status === 0) return stdout.toString().trim()
  return fail('E109', `git knows no commit ${ref}`, {
    where: `--base git:${ref}`,
    found: message,
    fix: `fetch it first: git fetch --depth=1 origin ${ref.replace(/^origin\//, '')}; in GitHub's actions/checkout, fetch-depth: 0`,
  })
}

/** What `git cat-file --batch` answers: a header and the bytes, or "missing". A folder is no file; a path above the root or of several lines is none of git's. */
function* readBlobs(
  git: Git,
  commit: string,
  paths: readonly string[],
): Generator<readonly [string, Uint8Array | undefined]> {
  const asked = paths.filter((path) => !/^\.\.(\/|$)|\n/.test(path))
  for (const path of paths) yield [path, undefined]
  if (asked.length === 0) return
  const { status, stdout, message } = git(['cat-file', '--batch'], asked.map((path) => `${commit}:${path}\n`).join(''))
  if (status !== 0) fail('E109', 'git cannot read files of the base', { where: `git:${commit}`, found: message })
  let at = 0
  for (const path of asked) {
    const end = stdout.indexOf(0x0a, at)
    const [, type, size] = / (\w+) (\d+)$/.exec(stdout.toString('utf8', at, end)) ?? []
    at = end + 1
    if (type === undefined) continue
    const bytes = stdout.subarray(at, at + Number(size))
    at += Number(size) + 1
    if (type === 'blob') yield [path, bytes]
  }
}

/** As much as stowage holds of a stream. */
const mostBytes = 2 ** 31 - 1

/** Messages in English, since some are read; no optional locks, since gates run beside other git commands. */
function runGit(folder: string, args: readonly string[], input = ''): Ended {
  const env = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' }
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], {
    env,
    input,
    maxBuffer: mostBytes,
  })
  if (error && status === null) return { status: -1, stdout: Buffer.alloc(0), message: error.message }
  return { status: status ?? -1, stdout, message: stderr.toString().trim() }
}

/** Trees name files from their root, with forward slashes. */
function pathInTree(folder: string, prefix: string, path: string): string {
  const below = isAbsolute(path) ? relative(folder, path) : path
  return posix.normalize(posix.join(prefix, below.split(sep).join('/')))
}

function refusePointer(bytes: Uint8Array, name: string): void {
  if (!Buffer.from(bytes.subarray(0, 40)).toString('latin1').startsWith('version https://git-lfs.github.com/')) return
  fail('E109', `${name} is a Git LFS pointer: the commit does not hold the file itself`, {
    where: name,
    fix: 'commit models without their weights (which stowage never reads), or gate against a plan file',
  })
}

function inflated(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes })
  } catch (error) {
    return fail('E106', `${name} cannot be inflated`, { where: name, found: (error as Error).message })
  }
}
