import type { WriteStream } from 'node:tty'
import { Chalk } from 'chalk'
import { plainStyle, type Style } from '../report/style.js'

/** How to write text to `stream`: its width when it is a terminal, else 100; colour when it can show it and nobody forbids it. */
export function terminalStyle(stream: NodeJS.WriteStream, noColor: boolean): Style {
  const width = (stream.isTTY && stream.columns) || plainStyle.width
  if (noColor || !wantsColor(stream)) return { ...plainStyle, width }
  const chalk = new Chalk({ level: 1 })
  return { width, strong: chalk.bold, dim: chalk.dim, good: chalk.green, warn: chalk.yellow, bad: chalk.red }
}

/** Whether the locale can show drawing characters; nothing set (containers, CI) counts as UTF-8. */
export function showsUnicode(env: NodeJS.ProcessEnv = process.env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return env.TERM !== 'linux' && (!locale || /utf-?8/i.test(locale))
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR, and both over what the stream is. */
function wantsColor(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return Boolean(stream.isTTY) && (stream as WriteStream).hasColors()
}
