import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { toAscii } from '../report/ascii.js'
import { plainStyle, type Style } from '../report/style.js'
import { atomicWrite } from './atomicWrite.js'
import type { Format } from './flags.js'
import { showsUnicode, terminalStyle } from './terminal.js'

/** An answer's renderings; JSON is the document itself unless its format has a canonical writing. */
export type Renderers = { readonly text: (style: Style) => string } & {
  readonly [F in Exclude<Format, 'text'>]?: () => string
} & {
  /** What goes to the file where that is another document than the answer. */
  readonly file?: () => string
}

export interface AnswerOptions {
  /** The format asked for by flag; absent: text. */
  readonly asked?: Format
  readonly quiet: boolean
  readonly noColor: boolean
  readonly outputFile?: string
}

/** Writes one answer to stdout and, when asked, to a file; returns what to say of the file. */
export function writeAnswer(document: object, renderers: Renderers, options: AnswerOptions): string | undefined {
  const { asked, quiet, noColor, outputFile } = options
  if (asked === undefined || asked === 'text') {
    if (!quiet) process.stdout.write(forTerminal(renderers.text(terminalStyle(process.stdout, noColor))))
  } else process.stdout.write(render(document, renderers, asked))

  if (outputFile === undefined || outputFile === '-') return undefined
  const content =
    renderers.file?.() ?? render(document, renderers, formatOfFile(outputFile, renderers) ?? asked ?? 'text')
  atomicWrite(outputFile, content)
  return `Wrote ${outputFile} (sha256 ${createHash('sha256').update(content).digest('hex').slice(0, 8)}...)`
}

/** Writes answers one line each as they come, to stdout and, at the end and whole, to a file; returns what to say of the file. */
export function writeLines(answers: Iterable<object>, outputFile: string | undefined): string | undefined {
  const toFile = outputFile !== undefined && outputFile !== '-'
  const kept: string[] = []
  let block = ''
  for (const answer of answers) {
    block += `${JSON.stringify(answer)}\n`
    if (block.length < 1 << 16) continue
    process.stdout.write(block)
    if (toFile) kept.push(block)
    block = ''
  }
  process.stdout.write(block)
  if (!toFile) return undefined
  atomicWrite(outputFile, kept.join('') + block)
  return `Wrote ${outputFile}`
}

const formatByExtension: Readonly<Record<string, Format>> = { '.json': 'json', '.md': 'markdown', '.xml': 'junit' }

/** The format that a file's extension names, if this answer can be written so. */
function formatOfFile(path: string, renderers: Renderers): Format | undefined {
  const format = formatByExtension[extname(path).toLowerCase()]
  return format === 'json' || (format && renderers[format]) ? format : undefined
}

function render(document: object, renderers: Renderers, format: Format): string {
  if (format === 'text') return renderers.text(plainStyle)
  return renderers[format]?.() ?? `${JSON.stringify(document, null, 2)}\n`
}

function forTerminal(text: string): string {
  return showsUnicode() ? text : toAscii(text)
}
