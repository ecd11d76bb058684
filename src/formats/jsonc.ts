import { parseJson, readText } from './json.js'
import type { Source } from './source.js'

/** JSON that people write by hand: comments and commas before a closing bracket are allowed. Errors keep their line and column. */
export function readJsonc(source: Source): unknown {
  return parseJson(blanked(readText(source)), source.name)
}

const comment = String.raw`//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/`

/** A string, a comment, or a comma that follows a value and that only blanks and comments part from the bracket after it. */
const token = new RegExp(String.raw`"(?:[^"\\\n]|\\.)*"|${comment}|(?<![[{,:]\s*),(?=(?:\s|${comment})*[}\]])`, 'g')

/** Spaces in place of what JSON does not know, so that every offset stays. */
function blanked(text: string): string {
  return text.replace(token, (found) => (found[0] === '"' ? found : found.replace(/[^\n]/g, ' ')))
}
