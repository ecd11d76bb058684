import { existsSync, readFileSync } from 'node:fs'

/** What `stowage --help` may be called: only these are answered without loading oclif, which costs more than the help itself. */
const asked = new Set(['', '--help', 'help', '--version'])

/** The help of the whole program, or its version, from the manifest that the build writes; undefined where a command is asked. */
export function rootHelp(argv: readonly string[], entry: string, width: number): string | undefined {
  if (argv.length > 1 || !asked.has(argv[0] ?? '')) return undefined
  if (!existsSync(new URL('../oclif.manifest.json', entry))) return undefined
  const read = (file: string) => JSON.parse(readFileSync(new URL(`../${file}`, entry), 'utf8'))
  const { version, description } = read('package.json') as { version: string; description: string }
  const agent = `stowage/${version} ${process.platform}-${process.arch} node-${process.version}`
  if (argv[0] === '--version') return `${agent}\n`
  const { commands } = read('oclif.manifest.json') as Manifest
  const names = Object.keys(commands).sort()
  const column = Math.max(...names.map((name) => name.length)) + 4
  const rows = names.map((name) => {
    const text = wrapped(commands[name].description, Math.max(30, Math.min(width, 120) - column))
    return `  ${name.padEnd(column - 2)}${text.join(`\n${' '.repeat(column)}`)}`
  })
  const usage = '  $ stowage COMMAND [--help]'
  return `${[description, '', 'VERSION', `  ${agent}`, '', 'USAGE', usage, '', 'COMMANDS', ...rows].join('\n')}\n`
}

interface Manifest {
  readonly commands: Readonly<Record<string, { readonly description: string }>>
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
