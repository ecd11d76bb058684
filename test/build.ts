import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const inputs = ['src', 'commands', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

/** Tests that spawn the command line need dist/: built once before the run, if a source is younger than the last build. */
export default function build(): void {
  if (newest(inputs) <= changed('oclif.manifest.json')) return
  // Type errors have a step of their own (`npm run typecheck`); the compiler writes its output all the same.
  spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root })
  const { status, stderr } = spawnSync('node', ['scripts/manifest.mjs'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`)
}

function newest(paths: readonly string[]): number {
  return Math.max(...paths.flatMap((path) => [changed(path), ...below(path).map(changed)]))
}

/** Files and folders: a deleted file shows in the time of its folder. */
function below(path: string): string[] {
  if (!statSync(`${root}/${path}`).isDirectory()) return []
  return readdirSync(`${root}/${path}`, { recursive: true, encoding: 'utf8' }).map((name) => `${path}/${name}`)
}

function changed(path: string): number {
  return statSync(`${root}/${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
