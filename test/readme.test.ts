import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const runnable = /^(npm start|node bin\/run\.js|stowage)\b/

/** Our commands in the `sh` blocks of a Markdown text, in order, one for each side of &&; others (npm ci, git) are passed over. */
function commandsOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!)
  return blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.replace(/\s#.*$/, '').split('&&'))
    .map((part) => part.trim().replace(/^\$ /, ''))
    .filter((part) => runnable.test(part))
}

/** A folder that looks like the checkout and takes the outputs. */
function scratchCheckout(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'stowage-readme-'))
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  )
  for (const { name } of [...folders, { name: 'package.json' }]) symlinkSync(join(root, name), join(scratch, name))
  return scratch
}

describe('README.md', () => {
  const commands = commandsOf(readFileSync(join(root, 'README.md'), 'utf8'))
  const cwd = scratchCheckout()

  test('shows commands', () => {
    expect(commands.length).toBeGreaterThan(2)
  })

  test.each(commands)('%s', (command) => {
    const script = `stowage() { node bin/run.js "$@"; }\n${command}`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' })
    expect(status, `${stdout}\n${stderr}`).toBe(0)
    expect(stdout).not.toBe('')
  })
})

test('commands are found in blocks with comments, prompts and continued lines', () => {
  const markdown =
    '```sh\nnpm ci && npm start   # plan\n$ stowage plan a \\\n  -c b\nls\n```\n```json\nstowage no\n```\n'
  expect(commandsOf(markdown)).toEqual(['npm start', 'stowage plan a    -c b'])
})
